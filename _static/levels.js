// The levels: one positive number for each layer, on a logarithmic axis.

(window.courseParts ??= {}).levels = (course) => {
  "use strict";
  const { fill, draw } = course.dom;
  const { between, ticks, powerOfTen } = course.numbers;
  const { marker, lineThrough } = course.looks;

  // `powers` are the axis' lowest and highest powers of ten, and whether anything lies below: that is drawn on the floor,
  // which says so. `seen()` gives the numbers, that of layer 0 first; what is not there is null. The layer that is reached
  // has a large marker.
  function createLevels({ quantity, powers: [bottom, top, below], last, shape, seen }) {
    const axes = draw("g", { class: "player-scale" });
    const [line, dots, head] = ["line", "dots", "head"].map((part) => draw("path", { class: `player-${part}` }));
    const ink = draw("g", {}, line, dots, head);
    const floor = below ? ` What is below ${powerOfTen(bottom)} is drawn there.` : "";
    const label = `${quantity}, on a logarithmic scale.${floor} The numbers are in the table.`;
    const node = draw("svg", { class: "player-chart", role: "img", "aria-label": label }, axes, ink);
    const edge = { left: 52, right: 12, top: 24, bottom: 24 }, height = 140;
    let width = 0;
    const acrossOf = (layer) => edge.left + (layer / last) * (width - edge.left - edge.right);
    const downOf = (value) => {
      const power = Math.log10(value); // of 0 it is −∞: on the floor
      return edge.top + ((top - between(bottom, power, top)) / (top - bottom)) * (height - edge.top - edge.bottom);
    };

    function resize(newWidth) {
      width = newWidth;
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      axes.replaceChildren(draw("text", { x: 2, y: 12 }, quantity));
      const every = Math.ceil((top - bottom) / 4);
      for (let power = bottom; power <= top; power += every) {
        const y = downOf(10 ** power), sign = below && power === bottom ? "≤ " : "";
        axes.append(
          draw("line", { x1: edge.left, x2: width - edge.right, y1: y, y2: y }),
          draw("text", { x: edge.left - 7, y: y + 4, "text-anchor": "end" }, sign + powerOfTen(power)),
        );
      }
      for (const layer of ticks([0, last], 5).filter(Number.isInteger)) {
        const name = layer ? String(layer) : "inputs";
        axes.append(draw("text", { x: acrossOf(layer), y: height - 6, "text-anchor": "middle" }, name));
      }
    }
    function render({ step }) {
      const places = seen().map((value, layer) => (value === null ? null : [acrossOf(layer), downOf(value)]));
      const there = places.filter(Boolean);
      line.setAttribute("d", lineThrough(there));
      dots.setAttribute("d", there.map((place) => marker(shape, ...place, 2.6)).join(""));
      head.setAttribute("d", places[step] ? marker(shape, ...places[step], 6) : "");
    }
    return { node, ink, resize, render };
  }

  return { createLevels };
};
