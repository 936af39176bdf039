// The picture of a computational graph: boxes and arrows, from left to right, or downwards where that is too wide.

(window.courseParts ??= {}).boxes = (course) => {
  "use strict";
  const { fill, draw, overlap } = course.dom;

  const LINE = 18, PAD = 9, ACROSS = 14; // pixels

  // What of the story is told after so many steps.
  function toldBy(data, step) {
    const now = data.story[step];
    const told = { now, made: new Set(), passed: new Set(), sums: data.boxes.map(() => null) };
    for (const { make: made = [], arrow, sum } of data.story.slice(0, step + 1)) {
      for (const box of made) told.made.add(box);
      if (arrow !== undefined) told.passed.add(arrow);
      if (sum) told.sums[sum.box] = sum;
    }
    return told;
  }

  function createBoxes(data) {
    const joint = data.joint ?? " = "; // between a name and its value
    const boxes = data.boxes.map((box) => {
      const frame = draw("rect", { class: "player-box", rx: 6 });
      const line = (name) => draw("text", { class: `player-${name}` });
      const lines = [line("made"), line("value"), ...box.slim.map(() => line("sum"))]; // slim ones are the most
      return { ...box, frame, lines, node: draw("g", {}, frame, ...lines) };
    });
    const arrows = data.arrows.map((arrow) => {
      const line = draw("path", { class: "player-edge" }), tip = draw("path", { class: "player-edge-tip" });
      const label = draw("text", { class: "player-local", "text-anchor": "middle" }, arrow.slope);
      const sent = draw("text", { class: "player-sent", "text-anchor": "middle" });
      return { ...arrow, line, tip, label, sent, node: draw("g", {}, line, tip) };
    });
    const node = draw(
      "svg", { class: "player-map player-graph", role: "img", "aria-label": data.description },
      ...arrows.map((a) => a.node), ...boxes.map((b) => b.node), ...arrows.flatMap((a) => [a.label, a.sent]),
    );

    const widthOf = (line, text) => {
      line.textContent = text;
      return line.getComputedTextLength();
    };
    // The room that a box needs at the end, so that nothing moves while it fills.
    function measure(slim) {
      for (const box of boxes) {
        const [made, value, ...sums] = box.lines, longest = slim ? box.slim : box.widest;
        const widths = longest.map((text, k) => widthOf(sums[k], text));
        widths.push(widthOf(made, box.made), widthOf(value, `${box.name}${joint}${box.value}`), 34);
        box.wide = Math.max(...widths) + 2 * PAD;
        box.high = ((box.made ? 1 : 0) + 1 + longest.length) * LINE + PAD;
      }
    }

    const layers = Math.max(...boxes.map((b) => b.layer)) + 1;
    const inLayer = (k) => boxes.filter((b) => b.layer === k);
    // Where layers and rows lie, if the layers follow each other along one side and the rows along the other.
    function plan(along, across, gap) {
      const sizes = Array.from({ length: layers }, (_, k) => Math.max(...inLayer(k).map((b) => b[along]), 0));
      const least = sizes.reduce((a, b) => a + b, 0) + (layers - 1) * gap;
      // All that takes room across: the boxes, and a little for each arrow that passes.
      const passing = arrows.flatMap((a) => a.via.map((place) => [...place, 10]));
      const takers = [...boxes.map((b) => [b.layer, b.row, b[across]]), ...passing];
      let pitch = 1;
      for (const [layer, row, thick] of takers) {
        for (const [other, below, size] of takers) {
          if (other === layer && below > row) pitch = Math.max(pitch, ((thick + size) / 2 + ACROSS) / (below - row));
        }
      }
      const first = Math.min(...takers.map(([, row, thick]) => row * pitch - thick / 2));
      const end = Math.max(...takers.map(([, row, thick]) => row * pitch + thick / 2));
      return { sizes, gap, least, pitch, first, breadth: end - first };
    }

    let down = false, slim = false, used;
    function resize(width) {
      // A label that stands nearest to a box has a third of the gap on that side.
      const sent = data.story.filter((s) => s.arrow !== undefined).map((s) => s.sum.sent);
      const labels = [...data.arrows.map((a) => a.slope), ...sent].map((text) => widthOf(arrows[0].label, text));
      const wideGap = Math.max(46, (Math.max(...labels) / 2 + 5) / 0.34);
      for ([down, slim] of [[false, false], [false, true], [true, false], [true, true]]) {
        measure(slim);
        used = down ? plan("high", "wide", 50) : plan("wide", "high", wideGap);
        if ((down ? used.breadth : used.least) <= width - 8) break;
      }
      const wide = Math.max(width, (down ? used.breadth : used.least) + 8);
      const gap = used.gap + (down ? 0 : Math.min((wide - 8 - used.least) / (layers - 1), 70));
      const length = used.least + (layers - 1) * (gap - used.gap), height = (down ? length : used.breadth) + 16;
      const begin = down ? 8 : (wide - length) / 2, edge = down ? (wide - used.breadth) / 2 : 8;
      const starts = used.sizes.map((_, k) => begin + used.sizes.slice(0, k).reduce((a, b) => a + b + gap, 0));
      const place = ([layer, row]) => {
        const along = starts[layer] + used.sizes[layer] / 2;
        const across = edge + row * used.pitch - used.first;
        return down ? [across, along] : [along, across];
      };
      // Wider than the page: the picture becomes smaller, all of it.
      fill(node, { viewBox: `0 0 ${wide} ${height}`, height: (height * width) / wide });
      for (const box of boxes) {
        [box.x, box.y] = place([box.layer, box.row]);
        fill(box.frame, { x: box.x - box.wide / 2, y: box.y - box.high / 2, width: box.wide, height: box.high });
        const lines = box.made ? box.lines : box.lines.slice(1), top = box.y - box.high / 2 + PAD / 2 - 4;
        lines.forEach((text, k) => fill(text, { x: box.x, y: top + (k + 1) * LINE, "text-anchor": "middle" }));
      }
      for (const arrow of arrows) layOut(arrow, place, used.sizes);
    }

    // From the edge of a box to that of another, over the free places between. It bends between two layers, and goes
    // straight through them.
    function layOut(arrow, place, sizes) {
      const axis = down ? 1 : 0, moved = ([x, y], by) => (down ? [x, y + by] : [x + by, y]);
      const sizeOf = (box) => (down ? box.high : box.wide) / 2;
      const from = boxes[arrow.from], to = boxes[arrow.to], end = moved([to.x, to.y], -sizeOf(to));
      const edge = ([layer, row], side) => moved(place([layer, row]), (side * sizes[layer]) / 2);
      const first = [from.layer, from.row], last = [to.layer, to.row];
      const points = [
        moved([from.x, from.y], sizeOf(from)), edge(first, 1),
        ...arrow.via.flatMap((p) => [edge(p, -1), edge(p, 1)]),
        moved(edge(last, -1), -7), moved(end, -7), // the rest is the tip
      ];
      const curves = points.slice(1).map((b, k) => {
        const a = points[k], half = (a[axis] + b[axis]) / 2;
        const bend = (p) => (down ? [p[0], half] : [half, p[1]]);
        return [a, bend(a), bend(b), b];
      });
      const text = (p) => p.map((c) => c.toFixed(1)).join(" ");
      const pieces = curves.map(([, ...rest]) => `C${rest.map(text).join(" ")}`);
      arrow.line.setAttribute("d", `M${text(points[0])}${pieces.join("")}`);
      const [x, y] = end, back = down ? [[x - 4.5, y - 9], [x + 4.5, y - 9]] : [[x - 9, y - 4.5], [x - 9, y + 4.5]];
      arrow.tip.setAttribute("d", `M${[end, ...back].map(text).join("L")}Z`);
      const [piece, t] = arrow.at, weights = [1, 3, 3, 1].map((c, j) => c * (1 - t) ** (3 - j) * t ** j);
      const at = (k) => curves[2 * piece + 1].reduce((sum, corner, j) => sum + weights[j] * corner[k], 0);
      for (const words of [arrow.label, arrow.sent]) fill(words, { x: at(0).toFixed(1), y: (at(1) + 4.5).toFixed(1) });
    }

    const mark = (node, classes) => Object.entries(classes).forEach(([name, on]) => node.classList.toggle(name, on));
    function render({ step }) {
      const told = toldBy(data, step);
      boxes.forEach((box, k) => {
        const [, value, ...sums] = box.lines, shown = told.made.has(k);
        const gets = told.now.sum?.box === k && told.now.serve !== k;
        const now = told.now.make?.includes(k) || told.now.serve === k;
        mark(box.node, { "player-unmade": !shown, "player-now": now, "player-gets": gets });
        value.textContent = shown ? `${box.name}${joint}${box.value}` : box.name;
        sums.forEach((line, j) => (line.textContent = told.sums[k]?.[slim ? "slim" : "lines"][j] ?? ""));
      });
      arrows.forEach((arrow, k) => {
        const shown = told.made.has(arrow.to), now = told.now.arrow === k;
        mark(arrow.node, { "player-unmade": !shown, "player-passed": told.passed.has(k), "player-now": now });
        arrow.label.textContent = shown && !now ? arrow.slope : "";
        arrow.sent.textContent = now ? told.now.sum.sent : "";
      });
      // A report is longer than a slope: while it is on its way, it stands in the place of those that it would cover.
      const sent = arrows[told.now.arrow]?.sent;
      for (const { label } of arrows) if (sent && overlap(sent, label, 8)) label.textContent = "";
    }
    const gradients = [...boxes.map((b) => b.node), ...arrows.flatMap((a) => [a.node, a.sent])];
    return { node, resize, render, slopes: arrows.map((a) => a.label), gradients };
  }

  return { createBoxes, toldBy };
};
