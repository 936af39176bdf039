// The curve: a loss over one weight, the walker on it, the slope where the walker stands, and the step that follows.

(window.courseParts ??= {}).curve = (course) => {
  "use strict";
  const { fill, draw, overlap } = course.dom;
  const { between, signed, readable, ticks } = course.numbers;
  const { marker, lineThrough, createTrace } = course.looks;

  // `data` has `bounds` ([[left, right], [low, high]]), `loss(w)`, `slope(w)`, `nudge` (the triangle's foot), and one
  // path with `weights`; `start` is the first of them.
  function createCurve(data, id) {
    const axes = draw("g", { class: "player-scale", "aria-hidden": "true" });
    const clip = draw("rect", {});
    const valley = draw("path", { class: "player-valley" });
    const ring = draw("circle", { class: "player-ring", r: 5.5 }), startLabel = draw("text", { "text-anchor": "middle" }, "start");
    const start = draw("g", { class: "player-marks" }, ring, startLabel);
    const trace = createTrace();
    const tangent = draw("path", { class: "player-tangent" }), legs = draw("path", { class: "player-triangle" });
    const words = ["nudge", "rise", "step"].map((name) => draw("text", { class: `player-${name}`, "aria-hidden": "true" }));
    const [nudgeWords, riseWords, stepWords] = words;
    const arrow = draw("path", { class: "player-arrow" });
    const slopeParts = draw("g", { class: "player-slope" }, tangent, legs), stepParts = draw("g", { class: "player-next" }, arrow);
    const node = draw(
      "svg",
      { class: "player-map player-curve", role: "img", "aria-label": data.description },
      draw("clipPath", { id: `${id}-clip` }, clip),
      axes,
      draw("g", { "clip-path": `url(#${id}-clip)` }, valley, trace.track, slopeParts, stepParts, start, trace.head),
      ...words,
    );
    const [[left, right], [low, high]] = data.bounds, foot = 30; // the numbers below the axis
    let width = 0, height = 0;
    const acrossOf = (w) => ((w - left) / (right - left)) * width;
    const downOf = (loss) => ((high - loss) / (high - low)) * (height - foot);
    const far = (value, size) => between(-20 * size, value, 20 * size); // lines may leave the picture, not the numbers
    const at = (w) => [far(acrossOf(w), width), far(downOf(data.loss(w)), height)];

    function resize(newWidth) {
      width = newWidth;
      height = between(260, Math.round(width * 0.54), 400);
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      fill(clip, { width, height });
      axes.replaceChildren(draw("line", { x1: 0, x2: width, y1: downOf(0), y2: downOf(0) }));
      for (const w of ticks([left, right], width < 450 ? 4 : 7)) {
        const x = acrossOf(w);
        if (x > 34 && x < width - 34) axes.append(draw("text", { x, y: height - 6, "text-anchor": "middle" }, signed(w)));
      }
      axes.append(draw("text", { x: width - 6, y: height - 6, "text-anchor": "end" }, "w"), draw("text", { x: 6, y: 14 }, data.quantity));
      for (const loss of ticks([0, high], 4)) {
        const y = downOf(loss);
        if (y > 24 && y < height - foot - 8) axes.append(draw("text", { x: 6, y: y + 4 }, signed(loss)));
      }
      const grid = Array.from({ length: 121 }, (_, k) => left + ((right - left) * k) / 120);
      valley.setAttribute("d", lineThrough(grid.map(at)));
    }

    function render({ step }) {
      const [path] = data.paths, way = path.weights.slice(0, step + 1), w = way[step];
      const [x, y] = at(data.start);
      for (const circle of start.querySelectorAll("circle")) fill(circle, { cx: x, cy: y });
      trace.line.setAttribute("d", lineThrough(way.map(at)));
      trace.dots.setAttribute("d", way.slice(0, -1).map((v) => marker(path.marker, ...at(v), 3)).join(""));
      const [px, py] = at(w), off = px < 0 || px > width || py < 0;
      trace.tip.setAttribute("d", marker(path.marker, between(0, px, width), between(0, py, height), 6.5));
      for (const part of [slopeParts, stepParts, ...words]) part.style.display = off ? "none" : "";
      if (!off) renderSlope(w, px, py, path.weights[step + 1]);
      placeStart(x, y, off ? [] : words);
    }

    // Beside the start: outside of the valley, where nothing else is drawn, or where the other words leave room.
    function placeStart(x, y, others) {
      const half = startLabel.getComputedTextLength() / 2, away = half + 13, side = data.start > data.lowest ? 1 : -1;
      const onPicture = (middle) => between(half + 3, middle, width - half - 3), outside = x + side * away;
      const places = [
        [outside, y + 4], [onPicture(outside), y - 14], [onPicture(x), y + 26], [x - side * away, y + 4],
        ...[-34, 48, 70, 92].map((down) => [onPicture(x), y + down]),
      ];
      startLabel.style.display = "";
      const free = places.some(([middle, down]) => {
        if (middle !== onPicture(middle) || down < 14 || down > height - foot) return false;
        fill(startLabel, { x: middle, y: down });
        return !others.some((one) => overlap(one, startLabel));
      });
      if (!free) startLabel.style.display = "none";
    }

    // The tangent; a nudge to the right and the rise that it brings; and the step, on the axis.
    function renderSlope(w, px, py, next) {
      const slope = data.slope(w), line = (v) => [acrossOf(v), downOf(data.loss(w) + slope * (v - w))];
      const wide = (right - left) * 0.3;
      tangent.setAttribute("d", lineThrough([line(w - wide), line(w + wide)]));
      const [tx, ty] = line(w + data.nudge);
      legs.setAttribute("d", lineThrough([[px, py], [tx, py], [tx, ty]]));
      const nudge = `nudge ${readable(data.nudge)}`, rise = `rise ${readable(slope * data.nudge)}`;
      const flat = Math.abs(ty - py) < 22; // then there is no room inside of the triangle's corners: both on one line
      nudgeWords.textContent = flat ? `${nudge}, ${rise}` : nudge;
      riseWords.textContent = flat ? "" : rise;
      const fits = (words, x) => between(3, x, width - words.getComputedTextLength() - 3);
      // Where the triangle and the tangent are not.
      const down = slope < 0, y = flat ? Math.min(py, ty) - 16 : py + (down ? -9 : 19);
      fill(nudgeWords, { x: fits(nudgeWords, px + (down && !flat ? 10 : 2)), y: between(14, y, height - foot - 4) });
      fill(riseWords, { x: fits(riseWords, tx + 7), y: between(30, (py + ty) / 2 + 4, height - foot - 12) });
      const shown = next !== undefined && Math.abs(next - w) > 1e-12, base = downOf(0);
      for (const part of [stepParts, stepWords]) part.style.display = shown ? "" : "none";
      if (!shown) return;
      const nx = far(acrossOf(next), width), back = Math.sign(nx - px) * Math.min(8, Math.abs(nx - px));
      const tip = [[nx - back, base - 5], [nx, base], [nx - back, base + 5]];
      arrow.setAttribute("d", lineThrough([[px, base], [nx, base]]) + lineThrough(tip));
      stepWords.textContent = `step ${readable(next - w)}`;
      const stepHalf = stepWords.getComputedTextLength() / 2;
      const middle = (px + between(0, nx, width)) / 2;
      fill(stepWords, { x: between(stepHalf + 3, middle, width - stepHalf - 3), y: base + 17, "text-anchor": "middle" });
    }

    function under(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(node.getScreenCTM().inverse());
      return [left + (point.x / width) * (right - left)];
    }
    return {
      node, start, startLabel, resize, render, under,
      walker: [trace.track, trace.head], slope: [slopeParts, nudgeWords, riseWords], step: [stepParts, stepWords],
    };
  }

  return { createCurve };
};
