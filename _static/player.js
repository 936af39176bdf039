// The step-through players. They turn the data that course_lib/player.py or course_lib/descent_player.py stored
// in a page into buttons, a map, a table and a chart, and hide the still picture before them. If anything fails,
// the picture stays.
//
// Parts, in order: small helpers; how things look; the drawing of the map and of the chart; the frame around
// them, with its buttons and keys; the player of stored paths; the player of gradient descent, whose step size
// and start the reader moves; and what puts them on the page.
//
// A player is its `data`, its `state` ({step, playing, shown}) and one function, `render`, which draws any state
// of any data. Nothing is built anew when a path changes: what the reader holds or has focused stays.

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
    const size = Math.abs(value), plain = value === 0 || (size >= 1e-3 && size < 1e4);
    const text = plain ? String(Number(value.toPrecision(3))) : value.toExponential(2);
    return text.replace("e+", "e").replaceAll("-", "−");
  }
  const lineThrough = (points) => "M" + points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L");

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

  // What stands for one path, on the map and in the chart: where it went, where it is, and the ghost of where it
  // will go.
  function createTrace() {
    const [ghost, line, dots, head] = ["ghost", "line", "dots", "head"].map((part) => draw("path", { class: `player-${part}` }));
    return { track: draw("g", {}, ghost, line, dots), ghost, line, dots, head: draw("g", {}, head), tip: head };
  }

  // Paths over contour lines. Stored positions are thousandths of its width and height. With `data.ghosts` the
  // whole way shows, faintly.
  function createMap(data, id) {
    const contours = draw("g", { class: "player-contours" });
    for (const d of data.contours) contours.append(draw("path", { d }));
    const scale = draw("g", { class: "player-scale", "aria-hidden": "true" });
    const minima = draw("g", { class: "player-marks", "aria-hidden": "true" });
    const ring = draw("circle", { class: "player-ring", r: 5.5 }), startLabel = draw("text", { "text-anchor": "middle" }, "start");
    const start = draw("g", { class: "player-marks" }, ring, startLabel);
    const clip = draw("rect", { x: 0, y: 0 });
    const traces = data.paths.map(createTrace);
    const labels = data.paths.map(() => draw("text", { class: "player-label", "aria-hidden": "true" }));
    const node = draw(
      "svg",
      { class: "player-map", role: "img", "aria-label": data.description },
      draw("clipPath", { id: `${id}-clip` }, clip),
      contours, scale,
      draw("g", { "clip-path": `url(#${id}-clip)` }, ...traces.map((t) => t.track), minima, start, ...traces.map((t) => t.head)),
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
      minima.replaceChildren();
      for (const [x, y] of data.minima.map(at)) {
        minima.append(draw("path", { d: marker("*", x, y, 9) }), draw("text", { x, y: y + 24, "text-anchor": "middle" }, "minimum"));
      }
    }
    const readableTick = (value) => String(value).replace("-", "−");

    function render({ step, shown }) {
      const [x, y] = at(data.start), gap = Number(ring.getAttribute("r")) + 6;
      for (const circle of start.querySelectorAll("circle")) fill(circle, { cx: x, cy: y }, []);
      const half = startLabel.getComputedTextLength() / 2;
      fill(startLabel, { x: between(half + 3, x, width - half - 3), y: y > gap + 12 ? y - gap : y + gap + 10 }, []);
      const heads = [], seen = [];
      data.paths.forEach((path, k) => {
        const { track, ghost, line, dots, head, tip } = traces[k];
        for (const part of [track, head, labels[k]]) part.style.display = shown[k] ? "" : "none";
        if (!shown[k]) return;
        const all = path.points.map(at), points = all.slice(0, step + 1);
        const [x, y] = points[points.length - 1];
        const dotted = data.ghosts ? all : points.slice(0, -1);
        ghost.setAttribute("d", data.ghosts ? lineThrough(all) : "");
        line.setAttribute("d", lineThrough(points));
        dots.setAttribute("d", dotted.map((p) => marker(path.marker, ...p, 2.6)).join(""));
        tip.setAttribute("d", marker(path.marker, x, y, 6.5));
        seen.push(...dotted);
        const ended = step > path.points.length - 1, off = x < 0 || y < 0 || x > width || y > height;
        labels[k].textContent = path.name + (ended ? " (diverged)" : off ? " (off the map)" : "");
        heads.push({ label: labels[k], x: between(0, x, width), y: between(0, y, height) });
      });
      place(heads, [...minima.children, ring, startLabel].map((mark) => mark.getBBox()), seen, width, height);
    }

    // Where on the landscape the pointer is.
    function under(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(node.getScreenCTM().inverse());
      const [[left, right], [low, high]] = data.bounds;
      return [left + (point.x / width) * (right - left), high - (point.y / height) * (high - low)];
    }
    return { node, start, startLabel, resize, render, under, colored: (k) => [traces[k].track, traces[k].head, labels[k]] };
  }

  // Labels beside their points, on the map: each as near as it can be without covering a mark or another label, and
  // off the paths' dots where that is no long way.
  function place(heads, marks, dots, width, height) {
    const taken = marks.map(({ x, y, width: w, height: h }) => ({ left: x, right: x + w, top: y, bottom: y + h }));
    const overlap = (a, b) => a.left < b.right + 4 && b.left < a.right + 4 && a.top < b.bottom && b.top < a.bottom;
    for (const { label, x, y } of heads.sort((a, b) => a.y - b.y)) {
      const wide = label.getComputedTextLength();
      const boxAt = (left, row) => ({ left, right: left + wide, top: row - 8, bottom: row + 8, row });
      const covered = (box) => dots.filter(([x, y]) => x > box.left && x < box.right && y > box.top - 3 && y < box.bottom + 3).length;
      // On the right, on the left, or above or below; the farther up or down, the worse.
      const within = (left) => between(4, left, Math.max(width - 4 - wide, 4));
      const sides = [[x + 12, 0, 0], [x - 12 - wide, 0, 6], [within(x - wide / 2), 16, 0]];
      let best = boxAt(within(x + 12), between(14, y, height - 24)), cost = Infinity;
      for (const [left, from, dislike] of sides) {
        if (left !== within(left)) continue;
        for (let shift = from; shift < height && shift + dislike < cost; shift += 2) {
          const rows = [y + shift, y - shift].filter((row) => row >= 12 && row <= height - 22);
          for (const box of rows.map((row) => boxAt(left, row))) {
            if (taken.some((other) => overlap(box, other))) continue;
            const price = shift + dislike + 4 * Math.min(covered(box), 3);
            if (price < cost) [best, cost] = [box, price];
          }
        }
      }
      taken.push(best);
      fill(label, { x: best.left.toFixed(1), y: (best.row + 4).toFixed(1) }, []);
    }
  }

  // --- the chart ---------------------------------------------------------------------------------------------

  // Loss against step, on a logarithmic scale from 10^bottom to 10^top, up to the step that is shown. `data.guide`
  // holds losses to compare with, drawn as a dashed line as far as the chart goes.
  function createChart(data, last, id) {
    const axes = draw("g", { class: "player-scale" });
    const clip = draw("rect", {});
    const guide = draw("path", { class: "player-guide" });
    const traces = data.paths.map(createTrace);
    const node = draw(
      "svg",
      { class: "player-chart", role: "img", "aria-label": `${data.quantity} at each step, on a logarithmic scale. ${data.guideName || ""} The numbers are in the table.` },
      draw("clipPath", { id: `${id}-chart-clip` }, clip), axes,
      draw("g", { "clip-path": `url(#${id}-chart-clip)` }, guide, ...traces.flatMap((t) => [t.track, t.head])),
    );
    const edge = { left: 44, right: 10, top: 22, bottom: 24 };
    let width = 0, height = 0, top = 0, bottom = 0;
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
      drawAxes();
    }
    function drawAxes() {
      [bottom, top] = data.powers;
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
      if (data.powers[0] !== bottom || data.powers[1] !== top) drawAxes();
      const placed = (losses) => losses.map((loss, t) => [acrossOf(t), downOf(loss)]);
      guide.setAttribute("d", data.guide ? lineThrough(placed(data.guide)) : "");
      data.paths.forEach((path, k) => {
        const { track, ghost, line, head, tip } = traces[k];
        for (const part of [track, head]) part.style.display = shown[k] ? "" : "none";
        const all = placed(path.loss), points = all.slice(0, step + 1);
        ghost.setAttribute("d", data.ghosts ? lineThrough(all) : "");
        line.setAttribute("d", lineThrough(points));
        tip.setAttribute("d", marker(path.marker, ...points[points.length - 1], 4.5));
      });
    }
    return { node, resize, render, colored: (k) => [traces[k].track, traces[k].head] };
  }

  // --- the frame ---------------------------------------------------------------------------------------------

  const SPEEDS = [["Slow", 900], ["Medium", 350], ["Fast", 110]]; // milliseconds a step
  const key = (text) => make("kbd", {}, text);

  // A short piece of a path's line, for a table.
  const swatch = (...shapes) =>
    draw("svg", { class: "player-swatch", viewBox: "0 0 34 14", "aria-hidden": "true" }, ...shapes.map(([part, d]) => draw("path", { class: `player-${part}`, d })));
  const swatchOf = (path) => swatch(["line", "M1 7L33 7"], ["head", marker(path.marker, 17, 7, 5)]);

  // Use keys that come to a node or to what stands in it, unless something in it has a use for them.
  function useKeys(node, uses) {
    node.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.defaultPrevented) return; // used already
      if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(uses, key)) return;
      if (target.tagName === "SELECT") return; // it has its own use for them
      if (key === " " && target.closest("button, input[type=checkbox]")) return; // Space presses them
      event.preventDefault(); // and the page does not scroll
      uses[key](event);
    });
  }

  // What both players have: buttons, keys, the slider of steps, play; and colours and sizes that follow the page.
  // A player gives its `map`, `chart` and `table`; `controls` of its own, with words about their `keys`; `colored(k)`,
  // the parts of its own that bear the colours of path k; and `tell(state)`, which fills the table and returns what
  // to say to people who listen.
  function createFrame({ id, data, last, map, chart, table, controls = [], keys = [], colored, tell, resized = () => {} }) {
    const state = { step: 0, playing: false, shown: data.paths.map(() => true) };
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

    const node = make(
      "div", { class: "player-live", role: "group", tabindex: 0, "aria-label": data.title, "aria-describedby": `${id}-keys` },
      make("p", { class: "player-title" }, data.title),
      map.node,
      ...controls,
      make("div", { class: "player-controls" }, play, back, forward, reset, make("label", { class: "player-speed" }, "Speed ", speed)),
      make("div", { class: "player-slider" }, slider, counter),
      make("p", { class: "player-keys", id: `${id}-keys` }, "Keys, once you click or tab here: ", key("Space"), " or ", key("→"),
        " one step, ", key("←"), " back, ", key("P"), " play or pause, ", key("Home"), " and ", key("End"), " the ends.", ...keys),
      make("div", { class: "player-below" }, table, chart.node),
      status,
    );

    const inColorOf = (k) => [...map.colored(k), ...chart.colored(k), ...colored(k)];
    data.paths.forEach((path, k) => {
      // Dashes are lengths in points, as in the figures.
      const dash = path.dash.map((length) => (length * 1.6).toFixed(1)).join(" ");
      for (const part of inColorOf(k)) {
        for (const line of part.querySelectorAll(".player-line")) line.setAttribute("stroke-dasharray", dash || "none");
      }
    });
    function recolor() {
      const background = channels(getComputedStyle(map.node).backgroundColor);
      data.paths.forEach((path, k) => {
        for (const part of inColorOf(k)) {
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
      const { step, playing } = state;
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
      const words = tell(state);
      // Say where things stand once the reader rests, never while it plays.
      clearTimeout(speaking);
      if (!playing) speaking = setTimeout(() => (status.textContent = `Step ${step} of ${last}. ${words}`), 400);
    }

    useKeys(node, {
      " ": () => goTo(state.step + 1),
      ArrowRight: () => goTo(state.step + 1),
      ArrowLeft: () => goTo(state.step - 1),
      Home: () => goTo(0),
      End: () => goTo(last),
      p: toggle,
      P: toggle,
    });

    function resize() {
      map.resize(Math.max(map.node.clientWidth, 200));
      chart.resize(Math.max(chart.node.clientWidth, 160));
      resized();
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
    return { node, begin, state, render };
  }

  // --- the player of stored paths ----------------------------------------------------------------------------

  function createComparison(data) {
    const id = `player-${++players}`;
    const last = Math.max(...data.paths.map((p) => p.points.length)) - 1;
    const first = data.paths[0].loss[0];
    const all = data.paths.flatMap((p) => p.loss).filter((loss) => loss > 0 && loss <= 100 * first);
    const top = Math.ceil(Math.log10(Math.max(...all, 1e-300)) - 1e-9);
    data.powers = [Math.min(Math.floor(Math.log10(Math.min(...all, 1e300))), top - 1), top];

    const rows = data.paths.map((path, k) => {
      const box = make("input", { type: "checkbox" });
      box.checked = true;
      box.addEventListener("change", () => {
        frame.state.shown[k] = box.checked;
        frame.render();
      });
      const note = path.note ? [" ", make("small", {}, path.note)] : [];
      const loss = make("td");
      const row = make("tr", {}, make("th", { scope: "row" }, make("label", {}, box, swatchOf(path), make("span", {}, path.name, ...note))), loss);
      return { row, loss };
    });
    const table = make(
      "table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Show"), make("th", { scope: "col" }, data.quantity))),
      make("tbody", {}, ...rows.map((r) => r.row)),
    );
    function tell({ step, shown }) {
      data.paths.forEach((path, k) => {
        const ended = step > path.loss.length - 1, loss = path.loss[step];
        rows[k].loss.textContent = ended ? "diverged" : loss === 0 ? "≈ 0" : readable(loss);
        rows[k].row.classList.toggle("player-hidden", !shown[k]);
      });
      const losses = data.paths.map((p, k) => (shown[k] ? `${p.name} ${rows[k].loss.textContent}` : "")).filter(Boolean);
      return `${data.quantity}: ${losses.join(", ")}.`;
    }
    const map = createMap(data, id), chart = createChart(data, last, id);
    const frame = createFrame({ id, data, last, map, chart, table, colored: (k) => [rows[k].row], tell });
    return frame;
  }

  // --- the player of gradient descent ------------------------------------------------------------------------

  // On the ravine ½(μx² + Ly²), whose curvatures are `data.flat` and `data.steep`, gradient descent with the step size η
  // multiplies x by 1 − ημ and y by 1 − ηL. The reader moves η and the start; the path is computed here.
  //
  // The step size is kept as a multiple of 1/L, so that 1 − ηL is exact where it matters: at 1/L and at 2/L.
  function createDescent(data) {
    const id = `player-${++players}`;
    const { flat, steep, steps, bounds } = data;
    const path = { name: "", color: data.color, dash: data.dash, marker: data.marker, points: [], loss: [] };
    Object.assign(data, { paths: [path], ghosts: true, guideName: "Dashed: the slowest that the theory allows.", powers: [-2, 2] });
    let start = data.start, places = [];
    const lossAt = ([x, y]) => (flat * x * x + steep * y * y) / 2;
    const thousandths = ([x, y]) => {
      const [[left, right], [low, high]] = bounds, far = 20; // so far off the map a line leaves it in about the right direction
      return [(x - left) / (right - left), (high - y) / (high - low)].map((share) => 1000 * between(-far, share, far));
    };

    // All that follows from the step size and the start.
    function compute() {
      const by = stepSize.factors(), slowest = Math.max(...by.map(Math.abs));
      places = [start];
      data.guide = [lossAt(start)];
      for (let t = 1; t <= steps; t++) {
        places.push(places[t - 1].map((w, k) => w * by[k]));
        data.guide.push(data.guide[t - 1] * slowest ** 2);
      }
      path.name = `η = ${stepSize.eta()}`;
      path.points = places.map(thousandths);
      path.loss = places.map(lossAt);
      data.start = path.points[0];
      // From above the loss at the start down to what the best step size makes of it. The chart's scale stays the same
      // while the step size moves, so that slopes can be compared.
      if (path.loss[0] > 0) {
        const power = Math.log10(path.loss[0]), top = Math.ceil(power) + 1;
        const lowest = Math.floor(power + 2 * steps * Math.log10(Math.max(stepSize.best - 1, 1e-3)));
        data.powers = [between(top - 16, lowest, top - 2), top];
      }
    }
    function moved() {
      compute();
      frame.render();
    }
    const stepSize = createStepSize(data, id, moved);
    const map = createMap(data, id), chart = createChart(data, steps, id);
    makeHandle(map, bounds, () => start, (point) => {
      start = point;
      moved();
    });

    const row = (name, cell) => make("tr", {}, make("th", { scope: "row" }, make("span", { class: "player-name" }, ...name)), cell);
    const [x, y, loss, bound] = Array.from({ length: 4 }, () => make("td"));
    const rate = make("span");
    const lossRow = row([swatchOf(path), data.quantity], loss);
    const table = make(
      "table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "At this step"), make("th", { scope: "col" }, "Value"))),
      make("tbody", {}, row(["x, along the flat axis"], x), row(["y, along the steep axis"], y), lossRow,
        row([swatch(["guide", "M1 7L33 7"]), rate], bound)),
    );
    function tell({ step }) {
      stepSize.render(start);
      const handle = { "aria-valuenow": start[0], "aria-valuetext": `x = ${readable(start[0])}, y = ${readable(start[1])}` };
      fill(map.start, handle, []);
      x.textContent = readable(places[step][0]);
      y.textContent = readable(places[step][1]);
      loss.textContent = readable(path.loss[step]);
      bound.textContent = readable(data.guide[step]);
      rate.textContent = `Slowest: × ${readable(Math.max(...stepSize.factors().map(Math.abs)) ** 2)} a step`;
      return `x = ${x.textContent}, y = ${y.textContent}, ${data.quantity.toLowerCase()} ${loss.textContent}.`;
    }
    const keys = [" The arrow keys move the step size, or the start, while that has the focus."];
    compute();
    const frame = createFrame({
      id, data, last: steps, map, chart, table, controls: [stepSize.node], keys, colored: () => [lossRow], tell, resized: stepSize.resize,
    });
    return frame;
  }

  // What becomes of coordinates that each update multiplies by these factors.
  function behaviour(factors) {
    const largest = Math.max(...factors.map(Math.abs));
    if (factors.every((f) => f === 1)) return "stays where it is";
    if (largest > 1) return "diverges";
    if (largest === 1) return "swings to and fro for ever";
    return factors.some((f) => f < 0) ? "zigzags and arrives" : "glides";
  }
  function verdict(factors, start) {
    const everywhere = behaviour(factors), here = behaviour(factors.filter((_, k) => start[k] !== 0));
    if (here === everywhere) return everywhere;
    // A start on an axis never feels the other curvature.
    const first = start.some((w) => w !== 0) ? `${here} from here` : "starts at the minimum";
    return `${first}, ${everywhere} from any start off the axis`;
  }

  // The slider of step sizes, with the theory's marks under it and a reading of what the theory says.
  function createStepSize(data, id, moved) {
    const { flat, steep, most } = data;
    const best = (2 * steep) / (steep + flat);
    const marks = [{ at: 1, name: "1/L" }, { at: best, name: "2/(L+μ)" }, { at: 2, name: "2/L, the limit" }];
    if (best === 1) marks.splice(0, 2, { at: 1, name: "1/L = 2/(L+μ)" }); // a round bowl
    const snapped = (multiple, reach) => {
      const [nearest] = [...marks].sort((a, b) => Math.abs(a.at - multiple) - Math.abs(b.at - multiple));
      return Math.abs(nearest.at - multiple) <= reach ? nearest.at : multiple;
    };
    let multiple = snapped(data.lr * steep, 1e-9);
    const factors = () => [1 - (multiple * flat) / steep, 1 - multiple];
    const eta = () => readable(multiple / steep);
    function move(to) {
      multiple = between(0, to, most);
      moved();
    }

    const slider = make("input", { type: "range", id: `${id}-eta`, class: "player-eta-slider", min: 0, max: most, step: "any" });
    slider.style.setProperty("--limit", 2 / most);
    // Hundredths, but the mark itself near a mark.
    slider.addEventListener("input", () => move(snapped(Math.round(Number(slider.value) * 100) / 100, 0.02)));
    // The next hundredth, or tenth, in a direction; a mark on the way is not passed over.
    function next(direction, pace) {
      const goal = Number((Math.round(multiple / pace + direction * 0.501) * pace).toFixed(2));
      const passed = marks.map((m) => m.at).filter((at) => (at - multiple) * direction > 0 && (goal - at) * direction > 0);
      return direction > 0 ? Math.min(goal, ...passed) : Math.max(goal, ...passed);
    }
    useKeys(slider, {
      ArrowRight: () => move(next(1, 0.01)), ArrowUp: () => move(next(1, 0.01)), PageUp: () => move(next(1, 0.1)),
      ArrowLeft: () => move(next(-1, 0.01)), ArrowDown: () => move(next(-1, 0.01)), PageDown: () => move(next(-1, 0.1)),
      Home: () => move(0), End: () => move(most),
    });

    for (const mark of marks) {
      mark.tick = make("span", { class: "player-tick" });
      mark.tick.style.setProperty("--at", mark.at / most);
      mark.button = make("button", { type: "button", class: "player-mark", "aria-label": `Set η to ${mark.name}` }, mark.name);
      mark.button.addEventListener("click", (event) => {
        move(mark.at);
        if (event.detail) slider.focus({ preventScroll: true }); // clicked: the next Space is a step, not this click again
      });
    }
    const rail = make("div", { class: "player-rail" }, slider, ...marks.map((m) => m.tick), ...marks.map((m) => m.button));
    // Each mark's name ends at its line, in a lower row where it would cover the name before. So no name covers
    // another mark's line.
    function resize() {
      const width = rail.clientWidth, thumb = parseFloat(getComputedStyle(rail).getPropertyValue("--thumb"));
      const ends = []; // where each row is taken up to
      for (const { at, tick, button } of marks) {
        const right = thumb / 2 + (at / most) * (width - thumb) + 1, left = right - button.offsetWidth;
        let row = ends.findIndex((end) => end < left);
        if (row < 0) row = ends.length;
        ends[row] = right;
        button.style.left = `${left}px`;
        for (const part of [tick, button]) part.style.setProperty("--row", row);
      }
      rail.style.setProperty("--rows", ends.length);
    }

    const value = make("strong"), words = make("strong"), shrink = make("span", { class: "player-factors" });
    const reading = make("p", { class: "player-reading" }, make("span", {}, value, ": "), make("span", {}, words, "."), shrink);
    function render(start) {
      const [byX, byY] = factors(), mark = marks.find((m) => m.at === multiple);
      value.textContent = `η = ${eta()}, ηL = ${readable(multiple)}`;
      words.textContent = verdict([byX, byY], start) + (multiple === best ? ", at the best rate" : "");
      shrink.textContent = `Each update multiplies x by 1 − ημ = ${readable(byX)} and y by 1 − ηL = ${readable(byY)}.`;
      slider.value = multiple;
      slider.setAttribute("aria-valuetext", `η = ${eta()}, ${mark ? mark.name : `${readable(multiple)}/L`}: ${words.textContent}`);
      for (const { at, button } of marks) button.setAttribute("aria-pressed", at === multiple);
    }
    const node = make("div", { class: "player-eta" }, make("label", { for: slider.id }, "Learning rate η (step size)"), rail, reading);
    return { node, best, factors, eta, resize, render };
  }

  // Make the start on a map a handle, for mouse, finger and keys. `move` gets points on the map.
  function makeHandle(map, bounds, where, move) {
    const handle = map.start;
    fill(map.node, { role: "group" }, []); // an image would hide the handle from people who listen
    map.startLabel.textContent = "drag the start";
    handle.querySelector(".player-ring").setAttribute("r", 10);
    handle.prepend(draw("circle", { class: "player-grip", r: 22 })); // as large as a finger
    handle.classList.add("player-handle");
    const [[low, high]] = bounds;
    const role = { role: "slider", "aria-roledescription": "point on the map", "aria-valuemin": low, "aria-valuemax": high };
    fill(handle, { tabindex: 0, "aria-label": "Start", ...role }, []);
    // In hundredths: on the map that is less than a pixel.
    const moveTo = (point) => move(point.map((w, k) => between(bounds[k][0], Math.round(w * 100) / 100, bounds[k][1])));
    // A hand cannot hit an axis, which is one pixel wide: near it, it does.
    const snapped = (w, k) => (Math.abs(w) < 0.012 * (bounds[k][1] - bounds[k][0]) ? 0 : w);

    let grip = [0, 0]; // from the pointer to the start, so that it does not jump under the finger
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      grip = map.under(event).map((w, k) => where()[k] - w);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) moveTo(map.under(event).map((w, k) => snapped(w + grip[k], k)));
    });
    // For browsers that do not heed `touch-action` inside of a drawing.
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    const by = (x, y) => (event) => {
      const pace = event.shiftKey ? 1 : 0.1;
      // To a whole tenth, so that the keys reach the axes from anywhere.
      moveTo([x, y].map((step, k) => (step ? Math.round((where()[k] + step * pace) * 10) / 10 : where()[k])));
    };
    useKeys(handle, { ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), ArrowUp: by(0, 1), ArrowDown: by(0, -1) });
  }

  // --- the page ----------------------------------------------------------------------------------------------

  const PLAYERS = { "": createComparison, descent: createDescent };

  function mount(place) {
    const script = place.querySelector('script[type="application/json"]');
    const player = PLAYERS[place.dataset.kind || ""](JSON.parse(script.textContent));
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
