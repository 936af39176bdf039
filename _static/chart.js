// The chart: the loss at each step.

(window.courseParts ??= {}).chart = (course) => {
  "use strict";
  const { fill, draw } = course.dom;
  const { between, ticks, powerOfTen } = course.numbers;
  const { marker, lineThrough, createTrace } = course.looks;

  // Loss against step, on a logarithmic scale from 10^bottom to 10^top, up to the step that is shown. `data.guide`
  // holds losses to compare with, drawn as a dashed line as far as the chart goes. With `data.deeper`, so many powers of
  // ten, lines leave the chart below; else the lowest lie on its edge.
  function createChart(data, last, id) {
    const axes = draw("g", { class: "player-scale" });
    const clip = draw("rect", {});
    const guide = draw("path", { class: "player-guide" });
    const traces = data.paths.map(createTrace);
    const node = draw(
      "svg",
      {
        class: `player-chart${data.ghosts === "whole" ? " player-whole" : ""}`,
        role: "img",
        "aria-label": `${data.quantity} at each step, on a logarithmic scale. ${data.guideName || ""} The numbers are in the table.`,
      },
      draw("clipPath", { id: `${id}-chart-clip` }, clip), axes,
      draw("g", { "clip-path": `url(#${id}-chart-clip)` }, guide, ...traces.flatMap((t) => [t.track, t.head])),
    );
    const edge = { left: 44, right: 10, top: 22, bottom: 24 };
    let width = 0, height = 0, top = 0, bottom = 0;
    const acrossOf = (step) => edge.left + (step / Math.max(last, 1)) * (width - edge.left - edge.right);
    const downOf = (loss) => {
      const lowest = bottom - (data.deeper || 0), power = loss > 0 ? Math.log10(loss) : lowest;
      const share = (top - between(lowest, power, top + 1)) / (top - bottom);
      return edge.top + share * (height - edge.top - edge.bottom);
    };

    function resize(newWidth) {
      width = newWidth;
      height = 210;
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      const wide = width - edge.left - edge.right, high = height - edge.top - edge.bottom;
      fill(clip, { x: edge.left - 7, y: edge.top - 7, width: Math.max(wide + 14, 0), height: high + 14 });
      drawAxes();
    }
    function drawAxes() {
      [bottom, top] = data.powers;
      axes.replaceChildren(draw("text", { x: 2, y: 12 }, data.quantity));
      const every = Math.ceil((top - bottom) / 5);
      for (let power = top; power >= bottom; power -= every) {
        const y = downOf(10 ** power);
        axes.append(
          draw("line", { x1: edge.left, x2: width - edge.right, y1: y, y2: y }),
          draw("text", { x: edge.left - 6, y: y + 4, "text-anchor": "end" }, powerOfTen(power)),
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
        ghost.setAttribute("d", lineThrough(all));
        line.setAttribute("d", lineThrough(points));
        tip.setAttribute("d", marker(path.marker, ...points[points.length - 1], 4.5));
      });
    }
    return { node, resize, render, colored: (k) => [traces[k].track, traces[k].head] };
  }

  return { createChart };
};
