// The player of the noise floor: the reader bends a schedule, and sees what the expected loss of SGD does under it.

(window.courseParts ??= {}).floor = (course) => {
  "use strict";
  const { fill, make, draw, makeRow, makeTable, newId, useKeys } = course.dom;
  const { between, readable, signed, ticks } = course.numbers;
  const { swatchOf, marker, lineThrough } = course.looks;
  const { bent, expectedLosses, floorOf, DECAYS } = course.bowl;
  const { createChart } = course.chart;
  const { createFrame } = course.frame;

  // The rate at each update: the reader's as a line with a marker, the constant one dashed.
  function createRamp(data, seen) {
    const axes = draw("g", { class: "player-scale", "aria-hidden": "true" });
    const title = draw("text", { class: "player-heading", x: 8, y: 18, "aria-hidden": "true" }, "Learning rate");
    const guide = draw("path", { class: "player-guide" });
    const [ghost, line, head] = ["ghost", "line", "head"].map((part) => draw("path", { class: `player-${part}` }));
    const ink = draw("g", {}, ghost, line, head);
    const node = draw("svg", { class: "player-map", role: "img", "aria-label": data.description }, axes, guide, ink, title);
    const edge = { left: 44, right: 12, top: 32, bottom: 24 };
    let width = 0, height = 0, drawn = 0;

    function resize(newWidth) {
      width = newWidth;
      height = between(170, Math.round(width * 0.34), 230);
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      drawn = 0;
    }
    const acrossOf = (t) => edge.left + (t / data.total) * (width - edge.left - edge.right);
    const downOf = (rate, most) => edge.top + (1 - rate / most) * (height - edge.top - edge.bottom);
    function drawAxes(most) {
      axes.replaceChildren();
      for (const rate of ticks([0, most], 3)) {
        const y = downOf(rate, most);
        axes.append(
          draw("line", { x1: edge.left, x2: width - edge.right, y1: y, y2: y }),
          draw("text", { x: edge.left - 6, y: y + 4, "text-anchor": "end" }, signed(rate)),
        );
      }
      for (const t of ticks([0, data.total], 5)) {
        axes.append(draw("text", { x: acrossOf(t), y: height - 6, "text-anchor": "middle" }, String(t)));
      }
    }
    function render({ step }) {
      const { rates, constant, peak } = seen(), most = 1.15 * Math.max(peak, constant);
      if (drawn !== most) drawAxes(most);
      drawn = most;
      const points = rates.map((rate, t) => [acrossOf(t), downOf(rate, most)]);
      guide.setAttribute("d", lineThrough([0, data.total].map((t) => [acrossOf(t), downOf(constant, most)])));
      ghost.setAttribute("d", lineThrough(points));
      line.setAttribute("d", lineThrough(points.slice(0, Math.max(step, 1))));
      head.setAttribute("d", marker("o", ...points[Math.min(step, data.total - 1)], 5));
    }
    return { node, ink, resize, render };
  }

  function create(data) {
    const id = newId(), { total, peaks, constant } = data, bowl = data.bowl;
    const chosen = { ...data.chosen }; // peak (its number in `peaks`), warmup, decay and floor in percent, shape
    const path = { color: data.color, dash: data.dash, marker: "o", loss: [] };
    Object.assign(data, { quantity: "Expected loss", paths: [path], powers: data.powers, deeper: 0, ghosts: "whole" });
    data.guideName = "Dashed: the constant rate.";
    let rates = [], guide = [];
    const peak = () => peaks[chosen.peak], updates = (percent) => Math.round((percent * total) / 100);
    function compute() {
      const options = { total, warmup: updates(chosen.warmup), decay: updates(chosen.decay), floor: chosen.floor / 100, shape: chosen.shape };
      rates = Array.from({ length: total }, (_, t) => peak() * bent(t, options));
      path.loss = expectedLosses(rates, bowl);
      guide = expectedLosses(Array(total).fill(constant), bowl);
      data.guide = guide;
    }
    function moved(change) {
      Object.assign(chosen, change);
      compute();
      frame.render();
    }

    // A slider from 0 to `most()` in steps; `told` is its reading.
    function createSlider(name, label, most, told) {
      const slider = make("input", { type: "range", id: `${id}-${name}`, min: 0, step: 1 });
      const reading = make("span", { class: "player-set" });
      const unit = name === "peak" ? 1 : data.unit; // a step of the slider
      const move = (to) => moved({ [name]: between(0, to, most()) });
      slider.addEventListener("input", () => move(Number(slider.value) * unit));
      const by = (steps) => () => move(chosen[name] + steps * unit);
      useKeys(slider, {
        ArrowRight: by(1), ArrowUp: by(1), PageUp: by(4), ArrowLeft: by(-1), ArrowDown: by(-1), PageDown: by(-4),
        Home: () => move(0), End: () => move(most()),
      });
      function render() {
        slider.max = most() / unit;
        slider.value = chosen[name] / unit;
        reading.textContent = told(chosen[name]);
        slider.setAttribute("aria-valuetext", reading.textContent);
      }
      return { node: make("div", { class: "player-setting" }, make("label", { for: slider.id }, label), slider, reading), render };
    }
    const percent = (value) => `${value} %`;
    const sliders = [
      createSlider("peak", "Peak rate", () => peaks.length - 1, (k) => readable(peaks[k])),
      createSlider("warmup", "Warmup", () => 100 - chosen.decay, percent),
      createSlider("decay", "Decay", () => 100 - chosen.warmup, percent),
      createSlider("floor", "Ends at", () => 100, percent),
    ];
    const shape = make("select", {}, ...Object.keys(DECAYS).map((name) => make("option", { value: name }, name)));
    shape.addEventListener("change", () => moved({ shape: shape.value }));
    const bar = make(
      "div", { class: "player-choices player-sliders" }, ...sliders.map((one) => one.node), make("label", {}, "Shape of the decay ", shape),
    );

    const ramp = createRamp(data, () => ({ rates, constant, peak: peak() })), chart = createChart(data, total, id);
    const cells = Array.from({ length: 4 }, () => make("td"));
    const lossRow = makeRow([swatchOf(path), "expected loss"], cells[1]);
    const table = makeTable(["At this step", "Value"], [
      makeRow(["rate of the next update"], cells[0]),
      lossRow,
      makeRow(["floor of that rate"], cells[2]),
      makeRow([`expected loss at a constant ${readable(constant)} (dashed)`], cells[3]),
    ]);
    table.classList.add("player-words");
    function tell({ step }) {
      for (const one of sliders) one.render();
      shape.value = chosen.shape;
      const rate = step < total ? rates[step] : null, held = rate === null ? null : floorOf(rate, bowl);
      const values = [rate, path.loss[step], held, guide[step]];
      values.forEach((value, k) => (cells[k].textContent = value === null ? "–" : value === Infinity ? "none" : readable(value)));
      const [next, loss, low, other] = cells.map((cell) => cell.textContent);
      return `Rate ${next}, expected loss ${loss}, floor of that rate ${low}; at the constant rate ${other}.`;
    }
    compute();
    const frame = createFrame({
      id, data, last: total, picture: ramp, chart, table, tell,
      controls: [bar],
      keys: [" The arrow keys move a slider, while it has the focus."],
      inks: [{ color: data.color, dash: data.dash, nodes: [ramp.ink, ...chart.colored(0), lossRow] }],
      extra: { shown: [true] },
    });
    return frame;
  }

  course.moves.add("floor", create);
};
