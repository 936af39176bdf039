// The plane: points of two classes, the lines of hidden units, the pieces between these, and the boundary of the output.

(window.courseParts ??= {}).plane = (course) => {
  "use strict";
  const { fill, draw } = course.dom;
  const { between, signed, ticks } = course.numbers;
  const { marker, lineThrough } = course.looks;
  const { part, pieces } = course.hinges;

  const ARROW = 16, GAP = 24; // pixels: to the side where a unit is on, and between two units' numbers
  const closed = (corners) => `${lineThrough(corners)}Z`;

  // `data` has bounds, points, labels and looks of the classes. `seen(state)` gives all units, how many of them are there,
  // which is chosen (0: none), and the network that they make. `choose` is called with the unit whose line is pressed.
  function createPlane(data, id, seen, choose) {
    const { bounds: [xs, ys], looks, units: given } = data;
    const wide = xs[1] - xs[0], high = ys[1] - ys[0];
    const clip = draw("rect", { x: 0, y: 0 }), boundary = draw("path", { class: "player-boundary" });
    const halves = looks.map(() => draw("path", { class: "player-half" }));
    const scale = draw("g", { class: "player-scale", "aria-hidden": "true" });
    // What lies on its side of the boundary is full, what does not is hollow.
    const points = looks.map(() => ["right", "wrong"].map((name) => draw("path", { class: `player-${name}` })));
    const hinges = given.map((_, k) => {
      const [line, touch, arrow] = ["line", "touch", "arrow"].map((name) => draw("path", { class: `player-hinge-${name}` }));
      touch.addEventListener("click", () => choose(k + 1));
      const name = draw("text", { class: "player-hinge-name", "text-anchor": "middle", "aria-hidden": "true" });
      return { line, touch, arrow, name, node: draw("g", { class: "player-hinge" }, line, touch, arrow) };
    });
    const reach = draw("path", { class: "player-reach" });
    const handles = ["move", "turn"].map((word) => {
      const label = draw("text", { "text-anchor": "middle" }, word);
      return { label, word, node: draw("g", { class: "player-marks" }, draw("circle", { class: "player-ring" }), label) };
    });
    const node = draw(
      // Up to its border: a drawing that keeps its shape would leave a gap of a pixel beside the shaded sides.
      "svg", { class: "player-map player-plane", role: "img", "aria-label": data.description, preserveAspectRatio: "none" },
      draw("clipPath", { id: `${id}-clip` }, clip),
      draw("g", { "clip-path": `url(#${id}-clip)` }, ...halves, ...points.flat(), ...hinges.map((h) => h.node), boundary, reach),
      scale, ...hinges.map((h) => h.name), ...handles.map((h) => h.node),
    );
    let width = 0, height = 0;
    const at = ([x, y]) => [((x - xs[0]) / wide) * width, ((ys[1] - y) / high) * height];
    const place = (px, py) => [xs[0] + (px / width) * wide, ys[1] - (py / height) * high];
    const inside = ([x, y], edge, left = edge, bottom = edge) => x >= left && y >= edge && x <= width - edge && y <= height - bottom;

    function resize(newWidth) {
      width = newWidth;
      height = Math.round((width * high) / wide);
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      fill(clip, { width, height });
      scale.replaceChildren();
      for (const x of ticks(xs, width < 450 ? 4 : 7)) {
        const [px] = at([x, 0]);
        if (px > 34 && px < width - 12) scale.append(draw("text", { x: px, y: height - 6, "text-anchor": "middle" }, signed(x)));
      }
      for (const y of ticks(ys, 4)) {
        const [, py] = at([0, y]);
        if (py > 12 && py < height - 20) scale.append(draw("text", { x: 6, y: py + 4 }, signed(y)));
      }
    }

    // The direction in which a unit rises, turned by so many quarters to the left, in pixels.
    function along({ angle }, quarters = 0) {
      const turn = ((angle + 90 * quarters) * Math.PI) / 180;
      return [Math.cos(turn), -Math.sin(turn)];
    }
    const go = ([x, y], [dx, dy], far) => [x + far * dx, y + far * dy];

    // A line from edge to edge, and on it, where there is room, the unit's number and the arrow to where it is on. False
    // if the line misses the picture.
    function renderHinge({ line, touch, arrow, name }, unit, k, taken) {
      const way = along(unit, 1), middle = at(unit.point);
      // Along the line, in pixels: where it enters the picture, and where it leaves.
      const spans = [width, height].map((size, axis) => [0, size].map((end) => (end - middle[axis]) / way[axis]).sort((a, b) => a - b));
      const [enters, leaves] = [Math.max(...spans.map((s) => s[0])), Math.min(...spans.map((s) => s[1]))];
      if (!(enters < leaves)) return false;
      for (const path of [line, touch]) path.setAttribute("d", lineThrough([go(middle, way, enters), go(middle, way, leaves)]));
      const spots = [0.06, 0.94, 0.16, 0.84, 0.28, 0.72, 0.4, 0.6].map((share) => go(middle, way, enters + share * (leaves - enters)));
      const apart = (spot) => !taken.some((other) => Math.hypot(other[0] - spot[0], other[1] - spot[1]) < GAP);
      const free = (spot) => apart(spot) && [ARROW, -ARROW].every((far) => inside(go(spot, along(unit), far), 8, 28, 24));
      const spot = spots.find(free) ?? spots[4], tip = go(spot, along(unit), ARROW), [x, y] = go(spot, along(unit), -11);
      taken.push(spot);
      const barbs = [0.8, -0.8].map((quarters) => go(tip, along(unit, 2 - quarters), 6));
      arrow.setAttribute("d", lineThrough([spot, tip]) + lineThrough([barbs[0], tip, barbs[1]]));
      fill(name, { x, y: y + 4 }).textContent = k + 1;
      return true;
    }

    // The handles of the chosen unit: one on its line, the other beside it, where the picture has room.
    function renderHandles(unit) {
      const ring = at(held(unit)), far = between(44, width * 0.1, 64);
      const turns = [0, 2, 1, 3].map((quarters) => go(ring, along(unit, quarters), far));
      const turn = turns.find((spot) => inside(spot, 12)) ?? turns[0];
      reach.setAttribute("d", lineThrough([ring, turn]));
      [ring, turn].forEach(([x, y], k) => {
        for (const circle of handles[k].node.querySelectorAll("circle")) fill(circle, { cx: x, cy: y });
        const above = k === 0 ? turn[1] >= ring[1] : turn[1] < ring[1];
        const low = above ? y - 15 : y + 24;
        fill(handles[k].label, { x: between(18, x, width - 18), y: low < 12 ? y + 24 : low > height - 4 ? y - 15 : low });
      });
    }
    // Where a unit is held: on its line, or, if that lies off the picture, at the edge next to it.
    const grips = [xs, ys].map(([low, top]) => [low + 0.04 * (top - low), top - 0.04 * (top - low)]);
    const held = ({ point }) => point.map((value, k) => between(grips[k][0], value, grips[k][1]));

    function render(state) {
      const { units, there, chosen, network } = seen(state), unit = units[Math.max(chosen, 1) - 1];
      const taken = chosen ? [at(held(unit))] : [];
      hinges.forEach((hinge, k) => {
        const shown = renderHinge(hinge, units[k], k, taken) && k < there;
        for (const part of [hinge.node, hinge.name]) part.style.display = shown ? "" : "none";
        hinge.node.classList.toggle("player-chosen", k + 1 === chosen);
      });
      for (const part of [reach, ...handles.map((h) => h.node)]) part.style.display = chosen ? "" : "none";
      renderHandles(unit);
      const sides = ["", ""];
      let edges = "";
      for (const polygon of pieces(data.bounds, units.slice(0, there))) {
        const ends = [], values = polygon.map((corner) => network.output(corner) - 0.5);
        const above = part(polygon, values, ends), below = above.length ? part(polygon, values.map((v) => -v)) : polygon;
        [below, above].forEach((corners, k) => (sides[k] += corners.length ? closed(corners.map(at)) : ""));
        if (above.length && below.length && ends.length === 2) edges += lineThrough(ends.map(at));
      }
      halves.forEach((half, k) => half.setAttribute("d", sides[k]));
      boundary.setAttribute("d", edges);
      const shapes = looks.map(() => ["", ""]);
      data.points.forEach((point, k) => {
        const wrong = network.output(point) > 0.5 !== data.labels[k] > 0.5, { marker: shape } = looks[data.labels[k]];
        shapes[data.labels[k]][wrong ? 1 : 0] += marker(shape, ...at(point), 4);
      });
      points.forEach((both, label) => both.forEach((path, k) => path.setAttribute("d", shapes[label][k])));
    }

    function under(event) {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(node.getScreenCTM().inverse());
      return place(x, y);
    }
    return { node, handles, resize, render, under, held, grips, classes: halves.map((half, k) => [half, ...points[k]]) };
  }

  return { createPlane };
};
