// The histogram: how often which activations occur in a layer.

(window.courseParts ??= {}).bars = (course) => {
  "use strict";
  const { fill, draw, overlap } = course.dom;
  const { between, signed, ticks } = course.numbers;

  // `seen(state)` gives what is shown: { title, limits, beyond, bars }. Bars are percents of the tallest. `beyond` says for
  // both ends of the axis whether the bar there holds what lies beyond as well.
  function createBars(data, seen) {
    const axis = draw("g", { class: "player-scale", "aria-hidden": "true" });
    const bars = draw("path", { class: "player-bar" }), zero = draw("line", { class: "player-zero" });
    const title = draw("text", { class: "player-heading", x: 8, y: 18, "aria-hidden": "true" });
    const ink = draw("g", {}, bars);
    const node = draw("svg", { class: "player-map player-histogram", role: "img", "aria-label": data.description }, ink, zero, axis, title);
    const edge = 14, head = 30, foot = 24; // pixels: at both sides, above for the title, below for the axis
    let width = 0, height = 0, drawn = "";
    const acrossOf = (value, [low, high]) => edge + ((value - low) / (high - low)) * (width - 2 * edge);

    function resize(newWidth) {
      width = newWidth;
      height = between(190, Math.round(width * 0.42), 270);
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      drawn = "";
    }
    function drawAxis({ limits, beyond }) {
      const [low, high] = limits, base = height - foot;
      axis.replaceChildren(draw("line", { x1: edge, x2: width - edge, y1: base, y2: base }));
      const write = (value, x, anchor, sign = "") => {
        const text = draw("text", { x, y: height - 7, "text-anchor": anchor }, sign + signed(value));
        axis.append(text);
        return text;
      };
      const ends = [write(low, 6, "start", beyond[0] ? "≤ " : ""), write(high, width - 6, "end", beyond[1] ? "≥ " : "")];
      for (const value of ticks(limits, width < 450 ? 4 : 6)) {
        const text = write(value, acrossOf(value, limits), "middle");
        if (ends.some((end) => overlap(end, text, 8))) text.remove();
      }
      const x = acrossOf(between(low, 0, high), limits);
      fill(zero, { x1: x, x2: x, y1: head, y2: base });
    }
    function render(state) {
      const now = seen(state), { limits, beyond, bars: heights } = now, base = height - foot;
      const wanted = JSON.stringify([limits, beyond]);
      if (drawn !== wanted) drawAxis(now);
      drawn = wanted;
      title.textContent = now.title;
      const wide = (width - 2 * edge) / heights.length;
      bars.setAttribute("d", heights.map((share, k) => {
        const x = edge + k * wide, high = (share / 100) * (base - head);
        return share ? `M${x.toFixed(1)} ${base}v${(-high).toFixed(1)}h${wide.toFixed(2)}v${high.toFixed(1)}Z` : "";
      }).join(""));
    }
    return { node, ink, resize, render };
  }

  return { createBars };
};
