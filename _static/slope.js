// The player of one weight: the loss (x·w − y)², its slope where the walker stands, and the step that the rate makes of it.

(window.courseParts ??= {}).slope = (course) => {
  "use strict";
  const { fill, make, makeRow, makeTable, newId } = course.dom;
  const { between, readable } = course.numbers;
  const { swatchOf } = course.looks;
  const { createCurve } = course.curve;
  const { createChart } = course.chart;
  const { createFrame } = course.frame;
  const { createRate } = course.rates;
  const { makeHandle } = course.handle;

  // What becomes of an error that each update multiplies by this.
  function verdictOf(left) {
    if (left === 1) return "stays where it is";
    if (left > 0.5) return "creeps";
    if (left > 0) return "arrives, from one side";
    if (left === 0) return "lands at once";
    if (left > -1) return "swings from side to side, and arrives";
    return left === -1 ? "swings to and fro for ever" : "runs away, from side to side";
  }

  function create(data) {
    const id = newId(), { x, y, steps, bounds, unit } = data, curvature = 2 * x * x;
    const path = { color: data.color, dash: data.dash, marker: data.marker, weights: [], loss: [] };
    Object.assign(data, { paths: [path], powers: [-6, 1], deeper: 30, lowest: y / x });
    Object.assign(data, { loss: (w) => (x * w - y) ** 2, slope: (w) => 2 * (x * w - y) * x });
    const rate = createRate({
      id, label: "Learning rate lr", symbol: "lr", multiple: data.lr * curvature, most: data.most * curvature,
      fine: unit * curvature, coarse: 10 * unit * curvature, moved,
      marks: [{ at: 1, name: "1/(2x²):\nlands at once" }, { at: 2, name: "1/x²,\nthe limit" }],
    });
    const left = () => 1 - rate.multiple(), lr = () => rate.multiple() / curvature;

    // The error that is left, and the weight that has it. (Exact where the rate lands at once, or swings for ever.)
    function compute() {
      let error = data.start - data.lowest;
      path.weights = [data.start];
      for (let t = 1; t <= steps; t++) {
        error *= left();
        path.weights.push(data.lowest + error);
      }
      path.loss = path.weights.map(data.loss);
      const top = Math.ceil(Math.log10(Math.max(path.loss[0], 1e-6))) + 1;
      data.powers = [top - 8, top]; // the same for all rates, so that slopes can be compared
    }
    function moved() {
      compute();
      frame.render();
    }
    const picture = createCurve(data, id), chart = createChart(data, steps, id);
    const pace = data.nudge / 2;
    // As far as the curve is on the picture, and a little less.
    const reach = Math.floor((Math.sqrt(0.9 * bounds[1][1]) / Math.abs(x) / pace) * 10) * (pace / 10);
    makeHandle(picture, {
      bounds: [[data.lowest - reach, data.lowest + reach]],
      where: () => [data.start],
      move: ([w]) => {
        data.start = w;
        moved();
      },
      fine: pace / 10,
      pace: [pace, 5 * pace],
      what: "point on the curve",
    });

    const cells = Array.from({ length: 5 }, () => make("td"));
    const lossRow = makeRow([swatchOf(path), data.quantity], cells[1]);
    const slopeRow = makeRow([make("b", {}, "slope"), " = 2(x·w − y)·x"], cells[2]);
    const stepRow = makeRow([make("b", {}, "step"), " = −lr · slope"], cells[3]);
    const table = makeTable(["At this step", "Value"], [
      makeRow(["weight w"], cells[0]), lossRow, slopeRow, stepRow,
      makeRow(["share of the error left by a step: 1\u00a0−\u00a02·lr·x²"], cells[4]),
    ]);
    table.classList.add("player-words"); // names that may take two lines
    function tell({ step }) {
      const w = path.weights[step], slope = data.slope(w);
      rate.render({
        shown: `lr = ${readable(lr())}`,
        rate: `lr = ${readable(lr())}`,
        spoken: "",
        verdict: verdictOf(left()),
        why: `Of the error, each step leaves 1 − 2·lr·x² = ${readable(left())}.`,
      });
      fill(picture.start, { "aria-valuenow": data.start, "aria-valuetext": `w = ${readable(data.start)}` });
      const shown = [w, path.loss[step], slope, -lr() * slope, left()].map((value) => readable(between(-1e300, value, 1e300)));
      cells.forEach((cell, k) => (cell.textContent = shown[k].replace(/^−0$/, "0")));
      const [weight, loss, steep, next] = cells.map((cell) => cell.textContent);
      return `w = ${weight}, loss ${loss}, slope ${steep}, step ${next}.`;
    }
    compute();
    const frame = createFrame({
      id, data, last: steps, picture, chart, table, tell,
      controls: [rate.node],
      keys: [" The arrow keys move the learning rate, or the start, while that has the focus."],
      inks: [
        { color: data.color, dash: data.dash, nodes: [...picture.walker, ...chart.colored(0), lossRow] },
        { color: data.slopeColor, nodes: [...picture.slope, slopeRow] },
        { color: data.stepColor, nodes: [...picture.step, stepRow] },
      ],
      resized: rate.resize,
      extra: { shown: [true] },
    });
    return frame;
  }

  course.moves.add("slope", create);
};
