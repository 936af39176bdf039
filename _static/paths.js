// The player of stored paths: several runs over one landscape, step by step.

(window.courseParts ??= {}).paths = (course) => {
  "use strict";
  const { make, makeTable, newId } = course.dom;
  const { readable } = course.numbers;
  const { swatchOf } = course.looks;
  const { createMap } = course.map;
  const { createChart } = course.chart;
  const { createFrame } = course.frame;

  // From the lowest loss to the highest, without what runs away.
  function powersOf(paths) {
    const all = paths.flatMap((p) => p.loss).filter((loss) => loss > 0 && loss <= 100 * paths[0].loss[0]);
    const top = Math.ceil(Math.log10(Math.max(...all, 1e-300)) - 1e-9);
    return [Math.min(Math.floor(Math.log10(Math.min(...all, 1e300))), top - 1), top];
  }

  // `more` is a picture besides: { node, resize(), render(state), colored(k) }.
  function createPaths(data, more) {
    const id = newId(), last = data.last ?? Math.max(...data.paths.map((p) => p.points.length)) - 1;
    data.powers = powersOf(data.paths);

    const rows = data.paths.map((path, k) => {
      const box = make("input", { type: "checkbox" });
      box.checked = true;
      box.addEventListener("change", () => {
        frame.state.shown[k] = box.checked;
        frame.render();
      });
      const note = make("small", {}, path.note ?? "");
      const loss = make("td");
      const name = make("label", {}, box, swatchOf(path), make("span", {}, path.name, " ", note));
      return { row: make("tr", {}, make("th", { scope: "row" }, name), loss), loss, note };
    });
    function tell({ step, shown }) {
      more?.render({ step, shown });
      data.paths.forEach((path, k) => {
        const ended = step > path.loss.length - 1, loss = path.loss[step];
        rows[k].loss.textContent = ended ? "diverged" : loss === 0 ? "≈ 0" : readable(loss);
        rows[k].row.classList.toggle("player-hidden", !shown[k]);
      });
      const losses = data.paths.map((p, k) => (shown[k] ? `${p.name} ${rows[k].loss.textContent}` : "")).filter(Boolean);
      return `${data.quantity}: ${losses.join(", ")}.`;
    }
    const picture = createMap(data, id), chart = createChart(data, last, id);
    const inks = data.paths.map(({ color, dash }, k) => ({
      color, dash, nodes: [...picture.colored(k), ...chart.colored(k), ...(more?.colored(k) ?? []), rows[k].row],
    }));
    const table = makeTable(["Show", data.quantity], rows.map((r) => r.row));
    const frame = createFrame({
      id, data, last, picture, chart, table, inks, tell, extra: { shown: data.paths.map(() => true) },
      controls: more ? [more.node] : [], resized: () => more?.resize(),
    });
    // After other paths have been put in the place of these.
    function refresh() {
      data.powers = powersOf(data.paths);
      data.paths.forEach((path, k) => (rows[k].note.textContent = path.note ?? ""));
      frame.render();
    }
    return { ...frame, picture, refresh };
  }

  course.moves.add("paths", (data) => createPaths(data), "div.player:not([data-kind])");
  return { createPaths };
};
