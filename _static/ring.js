// The player of the ring all-reduce: each worker sends one chunk a step to the next one.
//
// course_lib/ring_player.py stores, for each step, what was sent, and what everybody then has: nothing is computed here.

(window.courseParts ??= {}).ring = (course) => {
  "use strict";
  const { fill, make, draw, makeRow, makeTable, newId } = course.dom;
  const { between, signed } = course.numbers;
  const { createFrame } = course.frame;

  const counted = (number) => number.toLocaleString("en-US");
  const TIP = 6; // pixels: the head of an arrow

  // One row a worker, one column a chunk. What is sent goes down, to the next row; the last worker's leaves at the bottom
  // and comes in at the top. At the left, the ring itself.
  function createGrid(data) {
    const N = data.workers, names = Array.from({ length: N }, (_, k) => k);
    const boxes = names.map(() => names.map(() => {
      const full = draw("rect", { class: "player-load" }), frame = draw("rect", { class: "player-chunk", rx: 3 });
      const text = draw("text", { class: "player-value", "text-anchor": "middle" });
      return { node: draw("g", {}, full, frame, text), full, frame, text };
    }));
    const workers = names.map((r) => ({
      dot: draw("circle", { class: "player-worker", r: 11 }),
      name: draw("text", { class: "player-value", "text-anchor": "middle" }, String(r)),
    }));
    const chunks = names.map((k) => draw("text", { "text-anchor": "middle" }));
    const heads = [draw("text", { x: 6, y: 18 }, "worker")];
    const rope = draw("path", { class: "player-rope" });
    const arrows = names.map(() => [draw("path", { class: "player-send" }), draw("path", { class: "player-send-tip" })]);
    const loads = draw("g", {}, ...boxes.flat().map((box) => box.node));
    const sends = draw("g", { class: "player-sends" }, ...arrows.flat());
    const node = draw(
      "svg", { class: "player-map player-ring-map", role: "img", "aria-label": data.description },
      rope, ...workers.flatMap(({ dot, name }) => [dot, name]), loads, sends,
      draw("g", { class: "player-scale", "aria-hidden": "true" }, ...heads, ...chunks),
    );
    const edge = { left: 62, right: 8, top: 40, bottom: 26 }, gap = 22;
    let width = 0, tall = 0, wide = 0;
    const leftOf = (k) => edge.left + k * wide;
    const topOf = (r) => edge.top + r * (tall + gap);

    function resize(newWidth) {
      width = newWidth;
      wide = (width - edge.left - edge.right) / N;
      tall = between(30, Math.round(width / 14), 40);
      const height = topOf(N) - gap + edge.bottom;
      fill(node, { viewBox: `0 0 ${width} ${height}`, height });
      const pad = Math.min(6, wide * 0.08), inside = wide - 2 * pad;
      boxes.forEach((row, r) => row.forEach(({ full, frame, text }, k) => {
        const x = leftOf(k) + pad, y = topOf(r);
        fill(frame, { x, y, width: inside, height: tall });
        fill(full, { x, y, height: tall });
        fill(text, { x: x + inside / 2, y: y + tall / 2 + 5 });
      }));
      const middle = 34, low = topOf(0) + tall / 2, high = topOf(N - 1) + tall / 2;
      workers.forEach(({ dot, name }, r) => {
        fill(dot, { cx: middle, cy: topOf(r) + tall / 2 });
        fill(name, { x: middle, y: topOf(r) + tall / 2 + 5 });
      });
      rope.setAttribute("d", `M${middle} ${low}V${high}C${middle} ${high + 26} 8 ${high + 26} 8 ${high - 8}V${low + 8}C8 ${low - 26} ${middle} ${low - 26} ${middle} ${low}`);
      const spelled = wide > 64;
      chunks.forEach((text, k) => {
        fill(text, { x: leftOf(k) + wide / 2, y: 18 });
        text.textContent = spelled ? `chunk ${k}` : String(k);
      });
      heads[0].textContent = spelled ? "worker" : "chunk";
    }
    const arrow = (x, from, to) => [`M${x} ${from}V${to - TIP}`, `M${x} ${to}l${-TIP} ${-TIP - 2}h${2 * TIP}Z`];
    function render({ step }) {
      const { sent, values } = data.steps[step], holds = data.holds[step];
      boxes.forEach((row, r) => row.forEach(({ full, frame, text }, k) => {
        const inside = Number(frame.getAttribute("width"));
        full.setAttribute("width", ((inside * holds[r][k]) / N).toFixed(1));
        text.textContent = signed(values[r][k]);
        const got = sent.length > 0 && sent[(r + N - 1) % N] === k;
        frame.classList.toggle("player-got", got);
        frame.classList.toggle("player-whole-sum", holds[r][k] === N);
      }));
      arrows.forEach(([line, tip], r) => {
        if (!sent.length) return [line, tip].forEach((path) => path.setAttribute("d", ""));
        const x = leftOf(sent[r]) + wide / 2, out = topOf(r) + tall;
        if (r < N - 1) return arrow(x, out, topOf(r + 1)).forEach((d, k) => [line, tip][k].setAttribute("d", d));
        // Out at the bottom, in at the top.
        const [down] = arrow(x, out, out + gap - 2), [into, head] = arrow(x, edge.top - 16, edge.top);
        line.setAttribute("d", down + into);
        tip.setAttribute("d", head);
      });
    }
    return { node, loads, sends, resize, render };
  }

  function create(data) {
    const id = newId(), N = data.workers, last = data.steps.length - 1;
    const grid = createGrid(data), caption = make("p", { class: "player-caption" });
    const cells = Array.from({ length: 5 }, () => make("td"));
    const table = makeTable(["So far", "Value"], [
      makeRow(["phase"], cells[0]),
      makeRow(["bytes sent by each worker"], cells[1]),
      makeRow(["in gradients"], cells[2]),
      makeRow(["bytes sent by all"], cells[3]),
      makeRow(["whole sums that each has"], cells[4]),
    ]);
    table.classList.add("player-words", "player-ring-table");

    function wordsOf(step) {
      const { phase, sent } = data.steps[step];
      if (!sent.length) return `Each of the ${N} workers has a gradient of its own, in ${N} chunks. A box is full when all ${N} are in it.`;
      const does = phase === "reduce-scatter" ? "adds it to its own" : "takes it for its own";
      const ended = step === last ? " Done: all have all sums." : step === N - 1 ? " Now each has one whole sum." : "";
      return `Each worker sends one chunk to the next, which ${does}.${ended}`;
    }
    // Who sends what to whom is in the picture; people who listen get it in words.
    const messages = ({ sent }) => sent.map((k, r) => `Worker ${r} sends chunk ${k} to ${(r + 1) % N}.`).join(" ");
    function tell({ step }) {
      const { phase, bytes, whole } = data.steps[step], words = wordsOf(step);
      const told = [phase, counted(bytes), (step / N).toFixed(2), counted(N * bytes), String(whole[0])];
      told.forEach((text, k) => (cells[k].textContent = text));
      caption.textContent = words;
      return `${words} ${messages(data.steps[step])} Each has sent ${counted(bytes)} bytes.`;
    }
    return createFrame({
      id, data, last, picture: grid, table, tell,
      controls: [caption],
      inks: [
        { color: data.colors[0], nodes: [grid.loads] },
        { color: data.colors[1], nodes: [grid.sends] },
      ],
    });
  }

  course.moves.add("ring", create);
};
