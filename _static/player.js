// The step-through player. It turns the data that course_lib/player.py stored in a page into buttons, a map, a
// table and a chart, and hides the still picture before them. If anything fails, the picture stays.
//
// Parts, in order: small helpers; how things look; the drawing of the map and of the chart; the player itself.
// A player is its `state` ({step, playing, shown}) and one function, `render`, which draws any state.

(function () {
  "use strict";

  // --- helpers -----------------------------------------------------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
  const between = (low, value, high) => Math.min(Math.max(value, low), high);

  let players = 0;

  function readable(value) {
    if (value === 0) return "≈ 0";
    const text = value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(3))) : value.toExponential(2);
    return text.replace("e+", "e").replace("-", "−");
  }

  // --- looks -------------------------------------------------------------------------------------------------

  const TURN = 2 * Math.PI;
  // Corners on a circle of radius 1, the first one straight up; with `inner`, a star.
  function corners(count, turn = 0, inner = 1) {
    const total = inner === 1 ? count : 2 * count;
    return Array.from({ length: total }, (_, k) => {
      const angle = (k / total + turn) * TURN - TURN / 4;
      const radius = inner !== 1 && k % 2 ? inner : 1;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
  }
  const PLUS = [[-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1], [-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3]];
  const turned = (points, angle) =>
    points.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);
  const plus = PLUS.map(([x, y]) => [x / 3, y / 3]);
  // Matplotlib's names for its markers.
  const MARKERS = {
    o: corners(24), s: corners(4, 1 / 8), D: corners(4), "^": corners(3), v: corners(3, 1 / 2),
    "<": corners(3, 3 / 4), ">": corners(3, 1 / 4), P: plus, X: turned(plus, Math.PI / 4),
    "*": corners(5, 0, 0.45), h: corners(6),
  };
  function marker(shape, x, y, radius) {
    const points = MARKERS[shape] || MARKERS.o;
    return "M" + points.map(([a, b]) => `${(x + a * radius).toFixed(1)} ${(y + b * radius).toFixed(1)}`).join("L") + "Z";
  }

  const channels = (color) =>
    color.startsWith("#")
      ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
      : color.match(/[\d.]+/g).slice(0, 3).map(Number);
  function luminance(rgb) {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }
  // The colour nearest to `color` that stands out from the background by `ratio`: the figures' palette is made
  // for white paper, and the reader may have chosen the dark theme.
  function legible(color, background, ratio) {
    const from = channels(color), to = luminance(background) > 0.18 ? 0 : 255;
    if (to === 255 && luminance(from) < 0.005) return "rgb(235,235,235)"; // black on paper is white on black
    for (let mix = 0; mix <= 1; mix += 0.04) {
      const rgb = from.map((c) => Math.round(c + (to - c) * mix));
      if (contrast(rgb, background) >= ratio) return `rgb(${rgb.join(",")})`;
    }
    return `rgb(${to},${to},${to})`;
  }

  // --- the map -----------------------------------------------------------------------------------------------

  function ticks([low, high], count) {
    const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(Number((k * step).toPrecision(6)));
    return found;
  }

  // Paths over contour lines. Stored positions are thousandths of its width and height.
  function createMap(data, id) {
    const contours = draw("g", { class: "player-contours" });
    for (const d of data.contours) contours.append(draw("path", { d }));
    const scale = draw("g", { class: "player-scale" });
    const marks = draw("g", { class: "player-marks" });
    const clip = draw("rect", { x: 0, y: 0 });
    const paths = data.paths.map(() => ({
      line: draw("path", { class: "player-line" }),
      dots: draw("path", { class: "player-dots" }),
      head: draw("path", { class: "player-head" }),
      label: draw("text", { class: "player-label" }),
    }));
    const groups = paths.map((p) => draw("g", {}, p.line, p.dots, p.head));
    const labels = paths.map((p) => draw("g", {}, p.label));
    const node = draw(
      "svg",
      { class: "player-map", role: "img", "aria-label": data.description },
      draw("clipPath", { id: `${id}-clip` }, clip),
      contours, scale,
      draw("g", { "clip-path": `url(#${id}-clip)` }, marks, ...groups),
      ...labels,
    );
    let width = 0, height = 0;
    const at = ([x, y]) => [(x * width) / 1000, (y * height) / 1000];

    function resize(newWidth) {
      width = newWidth;
      height = between(230, Math.round(width * 0.54), 430);
      fill(node, { viewBox: `0 0 ${width} ${height}`, height }, []);
      fill(clip, { width, height }, []);
      contours.setAttribute("transform", `scale(${width / 1000} ${height / 1000})`);
      const [xs, ys] = data.bounds;
      scale.replaceChildren();
      for (const x of ticks(xs, 6)) {
        const px = ((x - xs[0]) / (xs[1] - xs[0])) * width;
        if (px > 34 && px < width - 12) scale.append(draw("text", { x: px, y: height - 6, "text-anchor": "middle" }, readableTick(x)));
      }
      for (const y of ticks(ys, 4)) {
        const py = ((ys[1] - y) / (ys[1] - ys[0])) * height;
        if (py > 12 && py < height - 20) scale.append(draw("text", { x: 6, y: py + 4 }, readableTick(y)));
      }
      marks.replaceChildren();
      for (const [x, y] of data.minima.map(at)) {
        marks.append(draw("path", { d: marker("*", x, y, 9) }), draw("text", { x, y: y + 24, "text-anchor": "middle" }, "minimum"));
      }
      const [x, y] = at(data.start);
      marks.append(draw("circle", { cx: x, cy: y, r: 5.5 }), draw("text", { x, y: y - 12, "text-anchor": "middle" }, "start"));
    }
    const readableTick = (value) => String(value).replace("-", "−");

    function render({ step, shown }) {
      const heads = [];
      data.paths.forEach((path, k) => {
        groups[k].style.display = labels[k].style.display = shown[k] ? "" : "none";
        if (!shown[k]) return;
        const points = path.points.slice(0, step + 1).map(at);
        const [x, y] = points[points.length - 1];
        paths[k].line.setAttribute("d", "M" + points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L"));
        paths[k].dots.setAttribute("d", points.slice(0, -1).map((p) => marker(path.marker, ...p, 2.6)).join(""));
        paths[k].head.setAttribute("d", marker(path.marker, x, y, 6.5));
        const ended = step > path.points.length - 1, off = x < 0 || y < 0 || x > width || y > height;
        paths[k].label.textContent = path.name + (ended ? " (diverged)" : off ? " (off the map)" : "");
        heads.push({ label: paths[k].label, x: between(0, x, width), y: between(0, y, height) });
      });
      place(heads, width, height);
    }
    return { node, resize, render, colored: (k) => [groups[k], labels[k]] };
  }

  // Labels beside their points, on the map, moved apart where they would cover one another.
  function place(heads, width, height) {
    const gap = 16;
    for (const head of heads) {
      head.wide = head.label.getComputedTextLength();
      head.left = head.x + 12 + head.wide > width - 4 ? Math.max(4, head.x - 12 - head.wide) : head.x + 12;
    }
    const rows = heads.sort((a, b) => a.y - b.y);
    const near = (a, b) => a.left < b.left + b.wide + 6 && b.left < a.left + a.wide + 6;
    rows.forEach((head, k) => {
      const above = rows.slice(0, k).filter((other) => near(head, other)).map((other) => other.row + gap);
      head.row = Math.max(between(14, head.y, height - 24), ...above);
    });
    // A stack that hangs out of the map moves up.
    for (let k = rows.length - 1, floor = height - 22; k >= 0; k--) {
      const below = rows.slice(k + 1).filter((other) => near(rows[k], other)).map((other) => other.row - gap);
      rows[k].row = Math.min(rows[k].row, floor, ...below);
      fill(rows[k].label, { x: rows[k].left.toFixed(1), y: (rows[k].row + 4).toFixed(1) }, []);
    }
  }

  // --- the chart ---------------------------------------------------------------------------------------------

  // Loss against step, on a logarithmic scale, up to the step that is shown.
  function createChart(data, last, id) {
    const first = data.paths[0].loss[0];
    const all = data.paths.flatMap((p) => p.loss).filter((loss) => loss > 0 && loss <= 100 * first);
    const top = Math.ceil(Math.log10(Math.max(...all, 1e-300)) - 1e-9);
    const bottom = Math.min(Math.floor(Math.log10(Math.min(...all, 1e300))), top - 1);
    const axes = draw("g", { class: "player-scale" });
    const clip = draw("rect", {});
    const paths = data.paths.map(() => ({ line: draw("path", { class: "player-line" }), head: draw("path", { class: "player-head" }) }));
    const groups = paths.map((p) => draw("g", {}, p.line, p.head));
    const node = draw(
      "svg",
      { class: "player-chart", role: "img", "aria-label": `${data.quantity} at each step, on a logarithmic scale. The numbers are in the table.` },
      draw("clipPath", { id: `${id}-chart-clip` }, clip), axes,
      draw("g", { "clip-path": `url(#${id}-chart-clip)` }, ...groups),
    );
    const edge = { left: 44, right: 10, top: 22, bottom: 24 };
    let width = 0, height = 0;
    const acrossOf = (step) => edge.left + (step / Math.max(last, 1)) * (width - edge.left - edge.right);
    const downOf = (loss) => {
      const power = loss > 0 ? Math.log10(loss) : bottom;
      const share = (top - between(bottom, power, top + 1)) / (top - bottom);
      return edge.top + share * (height - edge.top - edge.bottom);
    };

    function resize(newWidth) {
      width = newWidth;
      height = 210;
      fill(node, { viewBox: `0 0 ${width} ${height}`, height }, []);
      fill(clip, { x: edge.left - 7, y: edge.top - 7, width: Math.max(width - edge.left - edge.right + 14, 0), height: height - edge.top - edge.bottom + 14 }, []);
      axes.replaceChildren(draw("text", { x: 2, y: 12 }, data.quantity));
      const every = Math.ceil((top - bottom) / 5);
      for (let power = top; power >= bottom; power -= every) {
        const y = downOf(10 ** power);
        const digits = String(power).replace("-", "⁻").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]);
        axes.append(
          draw("line", { x1: edge.left, x2: width - edge.right, y1: y, y2: y }),
          draw("text", { x: edge.left - 6, y: y + 4, "text-anchor": "end" }, power === 0 ? "1" : "10" + digits),
        );
      }
      for (const step of ticks([0, Math.max(last, 1)], 4).filter(Number.isInteger)) {
        axes.append(draw("text", { x: acrossOf(step), y: height - 6, "text-anchor": "middle" }, String(step)));
      }
    }
    function render({ step, shown }) {
      data.paths.forEach((path, k) => {
        groups[k].style.display = shown[k] ? "" : "none";
        const points = path.loss.slice(0, step + 1).map((loss, t) => [acrossOf(t), downOf(loss)]);
        paths[k].line.setAttribute("d", "M" + points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L"));
        paths[k].head.setAttribute("d", marker(path.marker, ...points[points.length - 1], 4.5));
      });
    }
    return { node, resize, render, colored: (k) => [groups[k]] };
  }

  // --- the player --------------------------------------------------------------------------------------------

  const SPEEDS = [["Slow", 900], ["Medium", 350], ["Fast", 110]]; // milliseconds a step

  function createPlayer(data) {
    const id = `player-${++players}`;
    const last = Math.max(...data.paths.map((p) => p.points.length)) - 1;
    const state = { step: 0, playing: false, shown: data.paths.map(() => true) };
    const map = createMap(data, id);
    const chart = createChart(data, last, id);

    const button = (text, name, act, kind = "") => {
      const node = make("button", { type: "button", "aria-label": name, class: kind }, text);
      node.addEventListener("click", act);
      return node;
    };
    const play = button("Play", "Play", () => toggle(), "player-play");
    const back = button("‹ Back", "Back one step", () => goTo(state.step - 1));
    const forward = button("Step ›", "Step forward", () => goTo(state.step + 1));
    const reset = button("Reset", "Reset to the start", () => goTo(0));
    const speed = make("select", {}, ...SPEEDS.map(([name, pause]) => make("option", { value: pause }, name)));
    speed.value = SPEEDS[1][1];
    const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" });
    slider.addEventListener("input", () => goTo(Number(slider.value)));
    const counter = make("output", { class: "player-counter" });
    const status = make("p", { class: "player-status", role: "status" });

    const rows = data.paths.map((path, k) => {
      const box = make("input", { type: "checkbox" });
      box.checked = true;
      box.addEventListener("change", () => {
        state.shown[k] = box.checked;
        render();
      });
      const swatch = draw(
        "svg", { class: "player-swatch", viewBox: "0 0 34 14", "aria-hidden": "true" },
        draw("path", { class: "player-line", d: "M1 7L33 7" }), draw("path", { class: "player-head", d: marker(path.marker, 17, 7, 5) }),
      );
      const note = path.note ? [" ", make("small", {}, path.note)] : [];
      const loss = make("td");
      const row = make("tr", {}, make("th", { scope: "row" }, make("label", {}, box, swatch, make("span", {}, path.name, ...note))), loss);
      return { row, loss };
    });
    const table = make(
      "table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Show"), make("th", { scope: "col" }, data.quantity))),
      make("tbody", {}, ...rows.map((r) => r.row)),
    );

    const key = (text) => make("kbd", {}, text);
    const node = make(
      "div", { class: "player-live", role: "group", tabindex: 0, "aria-label": data.title, "aria-describedby": `${id}-keys` },
      make("p", { class: "player-title" }, data.title),
      map.node,
      make("div", { class: "player-controls" }, play, back, forward, reset, make("label", { class: "player-speed" }, "Speed ", speed)),
      make("div", { class: "player-slider" }, slider, counter),
      make("div", { class: "player-below" }, table, chart.node),
      make("p", { class: "player-keys", id: `${id}-keys` }, "Keys, once you click or tab here: ", key("Space"), " or ", key("→"),
        " one step, ", key("←"), " back, ", key("P"), " play or pause, ", key("Home"), " and ", key("End"), " the ends."),
      status,
    );

    data.paths.forEach((path, k) => {
      // Dashes are lengths in points, as in the figures.
      const dash = path.dash.map((length) => (length * 1.6).toFixed(1)).join(" ");
      for (const part of [...map.colored(k), ...chart.colored(k), rows[k].row]) {
        for (const line of part.querySelectorAll(".player-line")) line.setAttribute("stroke-dasharray", dash || "none");
      }
    });
    function recolor() {
      const background = channels(getComputedStyle(map.node).backgroundColor);
      data.paths.forEach((path, k) => {
        for (const part of [...map.colored(k), ...chart.colored(k), rows[k].row]) {
          part.style.setProperty("--line", legible(path.color, background, 3));
          part.style.setProperty("--text", legible(path.color, background, 4.5));
        }
      });
    }

    let timer = 0, speaking = 0;
    function stop() {
      clearTimeout(timer);
      state.playing = false;
    }
    function toggle() {
      if (state.playing) {
        stop();
      } else {
        state.playing = true;
        if (state.step === last) state.step = 0;
        timer = setTimeout(tick, Number(speed.value));
      }
      render();
    }
    function tick() {
      state.step = between(0, state.step + 1, last);
      if (state.step === last) stop();
      else timer = setTimeout(tick, Number(speed.value));
      render();
    }
    function goTo(step) {
      stop();
      state.step = between(0, step, last);
      render();
    }

    function render() {
      const { step, playing, shown } = state;
      map.render(state);
      chart.render(state);
      slider.value = step;
      slider.setAttribute("aria-valuetext", `step ${step} of ${last}`);
      counter.textContent = `step ${step} of ${last}`;
      play.textContent = playing ? "Pause" : "Play";
      play.setAttribute("aria-label", play.textContent);
      // Not `disabled`: a button that loses the focus while it is being pressed strands people who use the keyboard.
      back.setAttribute("aria-disabled", step === 0);
      reset.setAttribute("aria-disabled", step === 0);
      forward.setAttribute("aria-disabled", step === last);
      data.paths.forEach((path, k) => {
        const ended = step > path.loss.length - 1;
        rows[k].loss.textContent = ended ? "diverged" : readable(path.loss[step]);
        rows[k].row.classList.toggle("player-hidden", !shown[k]);
      });
      // Say where things stand once the reader rests, never while it plays.
      clearTimeout(speaking);
      if (!playing) {
        const losses = data.paths.map((p, k) => (shown[k] ? `${p.name} ${rows[k].loss.textContent}` : "")).filter(Boolean);
        speaking = setTimeout(() => (status.textContent = `Step ${step} of ${last}. ${data.quantity}: ${losses.join(", ")}.`), 400);
      }
    }

    const KEYS = {
      " ": () => goTo(state.step + 1),
      ArrowRight: () => goTo(state.step + 1),
      ArrowLeft: () => goTo(state.step - 1),
      Home: () => goTo(0),
      End: () => goTo(last),
      p: toggle,
      P: toggle,
    };
    node.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(KEYS, key)) return;
      if (target.tagName === "SELECT") return; // it has its own use for these keys
      if (key === " " && target.closest("button, input[type=checkbox]")) return; // Space presses them
      event.preventDefault(); // and the page does not scroll
      KEYS[key]();
    });

    function resize() {
      map.resize(Math.max(map.node.clientWidth, 200));
      chart.resize(Math.max(chart.node.clientWidth, 160));
      render();
    }
    // Needs the node on the page: sizes and colours come from there.
    function begin() {
      recolor();
      resize();
      let width = node.clientWidth;
      new ResizeObserver(() => {
        if (node.clientWidth !== width) {
          width = node.clientWidth;
          resize();
        }
      }).observe(node);
      new MutationObserver(recolor).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    }
    return { node, begin };
  }

  function mount(place) {
    const script = place.querySelector('script[type="application/json"]');
    const player = createPlayer(JSON.parse(script.textContent));
    place.append(player.node);
    try {
      player.begin();
    } catch (error) {
      player.node.remove();
      throw error;
    }
    const output = place.closest(".cell_output");
    const pictures = output ? [...output.querySelectorAll("img")] : [];
    const still = pictures.filter((p) => p.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
    if (still) still.classList.add("player-still");
  }

  function mountAll() {
    for (const place of document.querySelectorAll("div.player")) {
      try {
        mount(place);
      } catch (error) {
        console.error("The player could not start; its picture stays.", error);
      }
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
  else mountAll();
})();
