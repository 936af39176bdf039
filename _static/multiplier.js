// What schedules multiply the peak rate by, at each update.

(window.courseParts ??= {}).multiplier = (course) => {
  "use strict";
  const { fill, draw } = course.dom;
  const { ticks } = course.numbers;
  const { marker, lineThrough, createTrace } = course.looks;

  const HEIGHT = 170, EDGE = { left: 44, right: 10, top: 24, bottom: 24 };

  // `data.paths` have `multipliers`, one for each of `last` updates.
  function createMultiplier(data, last) {
    const axes = draw("g", { class: "player-scale" }), traces = data.paths.map(createTrace);
    const node = draw(
      "svg", { class: "player-chart", role: "img", "aria-label": "What the schedule multiplies the peak learning rate by, at each update." },
      axes, ...traces.flatMap(({ track, head }) => [track, head]),
    );
    let width = 0;

    function resize() {
      width = Math.max(node.parentElement?.clientWidth ?? 0, 200);
      fill(node, { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT });
    }
    function render({ step, shown }) {
      const all = data.paths.flatMap(({ multipliers }) => multipliers).filter((each) => each !== null);
      const low = Math.min(0, ...all), high = Math.max(1, ...all);
      const across = (t) => EDGE.left + (t / Math.max(last - 1, 1)) * (width - EDGE.left - EDGE.right);
      const down = (each) => EDGE.top + ((high - each) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
      axes.replaceChildren(draw("text", { x: 2, y: 12 }, "Rate ÷ peak"));
      for (const each of ticks([low, high], 4)) {
        axes.append(
          draw("line", { x1: EDGE.left, x2: width - EDGE.right, y1: down(each), y2: down(each) }),
          draw("text", { x: EDGE.left - 6, y: down(each) + 4, "text-anchor": "end" }, String(each)),
        );
      }
      for (const t of ticks([0, last - 1], 4)) axes.append(draw("text", { x: across(t), y: HEIGHT - 6, "text-anchor": "middle" }, String(t)));
      data.paths.forEach(({ multipliers, marker: shape }, k) => {
        const { track, head, line, tip } = traces[k], points = multipliers.map((each, t) => [across(t), down(each ?? high)]);
        for (const part of [track, head]) part.style.display = shown[k] ? "" : "none";
        line.setAttribute("d", lineThrough(points));
        tip.setAttribute("d", marker(shape, ...points[Math.max(step - 1, 0)], 4.5)); // of the update that led to here
      });
    }
    return { node, resize, render, colored: (k) => [traces[k].track, traces[k].head] };
  }

  return { createMultiplier };
};
