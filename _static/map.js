// The map: paths over a landscape's contour lines, and labels that cover nothing.

(window.courseParts ??= {}).map = (course) => {
  "use strict";
  const { fill, draw } = course.dom;
  const { between, signed, ticks } = course.numbers;
  const { marker, lineThrough, createTrace } = course.looks;

  // Paths over contour lines. Stored positions are thousandths of its width and height. What is still to come shows as
  // a thin line; with `data.ghosts === "whole"`, which has no path to hide, with a dot for each step.
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
      { class: `player-map${data.ghosts === "whole" ? " player-whole" : ""}`, role: "img", "aria-label": data.description },
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
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      fill(clip, { width, height });
      contours.setAttribute("transform", `scale(${width / 1000} ${height / 1000})`);
      const [xs, ys] = data.bounds;
      scale.replaceChildren();
      for (const x of ticks(xs, 6)) {
        const px = ((x - xs[0]) / (xs[1] - xs[0])) * width;
        if (px > 34 && px < width - 12) scale.append(draw("text", { x: px, y: height - 6, "text-anchor": "middle" }, signed(x)));
      }
      for (const y of ticks(ys, 4)) {
        const py = ((ys[1] - y) / (ys[1] - ys[0])) * height;
        if (py > 12 && py < height - 20) scale.append(draw("text", { x: 6, y: py + 4 }, signed(y)));
      }
      minima.replaceChildren();
      for (const [x, y] of data.minima.map(at)) {
        minima.append(draw("path", { d: marker("*", x, y, 9) }), draw("text", { x, y: y + 24, "text-anchor": "middle" }, "minimum"));
      }
    }
    function render({ step, shown }) {
      const [x, y] = at(data.start), gap = Number(ring.getAttribute("r")) + 6;
      for (const circle of start.querySelectorAll("circle")) fill(circle, { cx: x, cy: y });
      const half = startLabel.getComputedTextLength() / 2;
      fill(startLabel, { x: between(half + 3, x, width - half - 3), y: y > gap + 12 ? y - gap : y + gap + 10 });
      const heads = [], seen = [];
      data.paths.forEach((path, k) => {
        const { track, ghost, line, dots, head, tip } = traces[k];
        for (const part of [track, head, labels[k]]) part.style.display = shown[k] ? "" : "none";
        if (!shown[k]) return;
        const all = path.points.map(at), points = all.slice(0, step + 1);
        const [x, y] = points[points.length - 1];
        const dotted = data.ghosts === "whole" ? all : points.slice(0, -1);
        ghost.setAttribute("d", lineThrough(all));
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
      fill(label, { x: best.left.toFixed(1), y: (best.row + 4).toFixed(1) });
    }
  }

  return { createMap };
};
