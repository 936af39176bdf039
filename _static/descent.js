// The player of gradient descent in a valley of two curvatures, whose step size and start the reader moves.
//
// On the ravine ½(μu² + Lv²), whose curvatures are `data.flat` and `data.steep`, gradient descent with the step size η
// multiplies u by 1 − ημ and v by 1 − ηL. So the path is computed here.

(window.courseParts ??= {}).descent = (course) => {
  "use strict";
  const { fill, make, makeRow, makeTable, newId } = course.dom;
  const { between, readable } = course.numbers;
  const { swatch, swatchOf } = course.looks;
  const { createMap } = course.map;
  const { createChart } = course.chart;
  const { createFrame } = course.frame;
  const { createRate } = course.rates;
  const { makeHandle } = course.handle;

  // What becomes of coordinates that each update multiplies by these factors.
  function behaviour(factors) {
    const largest = Math.max(...factors.map(Math.abs));
    if (factors.every((f) => f === 1)) return "stays where it is";
    if (largest > 1) return "diverges";
    if (largest === 1) return "swings to and fro for ever";
    return factors.some((f) => f < 0) ? "zigzags and arrives" : "glides";
  }
  function verdictOf(factors, start) {
    const everywhere = behaviour(factors), here = behaviour(factors.filter((_, k) => start[k] !== 0));
    if (here === everywhere) return everywhere;
    // A start on an axis never feels the other curvature.
    const first = start.some((w) => w !== 0) ? `${here} from here` : "starts at the minimum";
    return `${first}, ${everywhere} from any start off the axis`;
  }

  function create(data) {
    const id = newId(), { flat, steep, steps, bounds } = data;
    const path = { name: "", color: data.color, dash: data.dash, marker: data.marker, points: [], loss: [] };
    Object.assign(data, { paths: [path], ghosts: "whole", guideName: "Dashed: the slowest that the theory allows.", powers: [-2, 2] });
    const best = (2 * steep) / (steep + flat);
    const marks = [{ at: 1, name: "1/L" }, { at: best, name: "2/(L+μ)" }, { at: 2, name: "2/L, the limit" }];
    if (best === 1) marks.splice(0, 2, { at: 1, name: "1/L = 2/(L+μ)" }); // a round bowl
    const rate = createRate({
      id, label: "Learning rate η (step size)", symbol: "η", multiple: data.lr * steep, most: data.most,
      fine: 0.01, coarse: 0.1, marks, moved,
    });
    const factors = () => [1 - (rate.multiple() * flat) / steep, 1 - rate.multiple()];
    const eta = () => readable(rate.multiple() / steep);
    let start = data.start, places = [];
    const lossAt = ([x, y]) => (flat * x * x + steep * y * y) / 2;
    const thousandths = ([x, y]) => {
      const [[left, right], [low, high]] = bounds, far = 20; // so far off the map a line leaves it in about the right direction
      return [(x - left) / (right - left), (high - y) / (high - low)].map((share) => 1000 * between(-far, share, far));
    };

    // All that follows from the step size and the start.
    function compute() {
      const by = factors(), slowest = Math.max(...by.map(Math.abs));
      places = [start];
      data.guide = [lossAt(start)];
      for (let t = 1; t <= steps; t++) {
        places.push(places[t - 1].map((w, k) => w * by[k]));
        data.guide.push(data.guide[t - 1] * slowest ** 2);
      }
      path.name = `η = ${eta()}`;
      path.points = places.map(thousandths);
      path.loss = places.map(lossAt);
      data.start = path.points[0];
      // From above the loss at the start down to what the best step size makes of it. The chart's scale stays the same
      // while the step size moves, so that slopes can be compared.
      if (path.loss[0] > 0) {
        const power = Math.log10(path.loss[0]), top = Math.ceil(power) + 1;
        const lowest = Math.floor(power + 2 * steps * Math.log10(Math.max(best - 1, 1e-3)));
        data.powers = [between(top - 16, lowest, top - 2), top];
      }
    }
    function moved() {
      compute();
      frame.render();
    }
    const picture = createMap(data, id), chart = createChart(data, steps, id);
    makeHandle(picture, {
      bounds,
      where: () => start,
      move: (point) => {
        start = point;
        moved();
      },
      // A hand cannot hit an axis, which is one pixel wide: near it, it does.
      snap: (w, k) => (Math.abs(w) < 0.012 * (bounds[k][1] - bounds[k][0]) ? 0 : w),
      fine: 0.01, // less than a pixel
      pace: [0.1, 1],
      what: "point on the map",
    });

    const [x, y, loss, bound] = Array.from({ length: 4 }, () => make("td"));
    const slowestRate = make("span"), lossRow = makeRow([swatchOf(path), data.quantity], loss);
    const table = makeTable(["At this step", "Value"], [
      makeRow(["u, along the flat axis"], x), makeRow(["v, along the steep axis"], y), lossRow,
      makeRow([swatch(["guide", "M1 7L33 7"]), slowestRate], bound),
    ]);
    function tellRate() {
      const [byX, byY] = factors(), multiple = readable(rate.multiple());
      rate.render({
        shown: `η = ${eta()}, ηL = ${multiple}`,
        rate: `η = ${eta()}`,
        spoken: `, ${multiple}/L`,
        verdict: verdictOf([byX, byY], start) + (rate.multiple() === best ? ", at the best rate" : ""),
        why: `Each update multiplies u by 1 − ημ = ${readable(byX)} and v by 1 − ηL = ${readable(byY)}.`,
      });
    }
    function tell({ step }) {
      tellRate();
      fill(picture.start, { "aria-valuenow": start[0], "aria-valuetext": `u = ${readable(start[0])}, v = ${readable(start[1])}` });
      x.textContent = readable(places[step][0]);
      y.textContent = readable(places[step][1]);
      loss.textContent = readable(path.loss[step]);
      bound.textContent = readable(data.guide[step]);
      slowestRate.textContent = `Slowest: × ${readable(Math.max(...factors().map(Math.abs)) ** 2)} a step`;
      return `u = ${x.textContent}, v = ${y.textContent}, ${data.quantity.toLowerCase()} ${loss.textContent}.`;
    }
    compute();
    const { color, dash } = path;
    const frame = createFrame({
      id, data, last: steps, picture, chart, table, tell,
      controls: [rate.node],
      keys: [" The arrow keys move the step size, or the start, while that has the focus."],
      inks: [{ color, dash, nodes: [...picture.colored(0), ...chart.colored(0), lossRow] }],
      resized: rate.resize,
      extra: { shown: [true] },
    });
    return frame;
  }

  course.moves.add("descent", create);
};
