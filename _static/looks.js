// How paths look: markers, lines, and colours that can be read on the page's paper, light or dark.

(window.courseParts ??= {}).looks = (course) => {
  "use strict";
  const { draw } = course.dom;

  const TURN = 2 * Math.PI;
  // Corners on a circle of radius 1, the first one straight up; with `inner`, a star.
  function corners(count, turn = 0, inner = 1) {
    const total = inner === 1 ? count : 2 * count;
    return Array.from({ length: total }, (_, k) => {
      const angle = (k / total + turn) * TURN - TURN / 4;
      const radius = inner !== 1 && k % 2 ? inner : 1;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
  }
  const PLUS = [[-1, 3], [-1, 1], [-3, 1], [-3, -1], [-1, -1], [-1, -3], [1, -3], [1, -1], [3, -1], [3, 1], [1, 1], [1, 3]];
  const turned = (points, angle) =>
    points.map(([x, y]) => [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)]);
  const plus = PLUS.map(([x, y]) => [x / 3, y / 3]);
  // Matplotlib's names for its markers.
  const MARKERS = {
    o: corners(24), s: corners(4, 1 / 8), D: corners(4), "^": corners(3), v: corners(3, 1 / 2),
    "<": corners(3, 3 / 4), ">": corners(3, 1 / 4), P: plus, X: turned(plus, Math.PI / 4),
    "*": corners(5, 0, 0.45), h: corners(6),
  };
  function marker(shape, x, y, radius) {
    const points = MARKERS[shape] || MARKERS.o;
    return "M" + points.map(([a, b]) => `${(x + a * radius).toFixed(1)} ${(y + b * radius).toFixed(1)}`).join("L") + "Z";
  }
  const lineThrough = (points) => "M" + points.map((p) => p.map((c) => c.toFixed(1)).join(" ")).join("L");

  // What stands for one path, on a map and in a chart: where it went, where it is, and the ghost of where it will go.
  function createTrace() {
    const [ghost, line, dots, head] = ["ghost", "line", "dots", "head"].map((part) => draw("path", { class: `player-${part}` }));
    return { track: draw("g", {}, ghost, line, dots), ghost, line, dots, head: draw("g", {}, head), tip: head };
  }
  // A short piece of a path's line, for a table.
  const swatch = (...shapes) =>
    draw("svg", { class: "player-swatch", viewBox: "0 0 34 14", "aria-hidden": "true" }, ...shapes.map(([part, d]) => draw("path", { class: `player-${part}`, d })));
  const swatchOf = (path) => swatch(["line", "M1 7L33 7"], ["head", marker(path.marker, 17, 7, 5)]);

  const channels = (color) =>
    color.startsWith("#")
      ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
      : color.match(/[\d.]+/g).slice(0, 3).map(Number);
  function luminance(rgb) {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(a, b) {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  }
  // The colour nearest to `color` that stands out from the background by `ratio`: the figures' palette is made
  // for white paper, and the reader may have chosen the dark theme.
  function legible(color, background, ratio) {
    const from = channels(color), to = luminance(background) > 0.18 ? 0 : 255;
    if (to === 255 && luminance(from) < 0.005) return "rgb(235,235,235)"; // black on paper is white on black
    for (let mix = 0; mix <= 1; mix += 0.04) {
      const rgb = from.map((c) => Math.round(c + (to - c) * mix));
      if (contrast(rgb, background) >= ratio) return `rgb(${rgb.join(",")})`;
    }
    return `rgb(${to},${to},${to})`;
  }

  // An ink is `{ color, dash, nodes }`: its nodes get the colour as --line and --text, and their lines the dashes.
  // Dashes are lengths in points, as in the figures.
  function dashLines({ dash = [], nodes }) {
    const lengths = dash.map((length) => (length * 1.6).toFixed(1)).join(" ");
    for (const node of nodes) {
      for (const line of node.querySelectorAll(".player-line")) line.setAttribute("stroke-dasharray", lengths || "none");
    }
  }
  function colorInks(inks, paper) {
    const background = channels(getComputedStyle(paper).backgroundColor);
    for (const { color, nodes } of inks) {
      for (const node of nodes) {
        node.style.setProperty("--line", legible(color, background, 3));
        node.style.setProperty("--text", legible(color, background, 4.5));
      }
    }
  }

  return { marker, lineThrough, createTrace, swatch, swatchOf, dashLines, colorInks };
};
