// The player of hidden units in the plane: the reader adds them, moves their lines, and sees pieces and boundary.
//
// course_lib/hinge_player.py stores the points and the units; the output layer is fitted here, at each change.

(window.courseParts ??= {}).hinge = (course) => {
  "use strict";
  const { fill, make, button, makeRow, makeTable, newId } = course.dom;
  const { readable, signed } = course.numbers;
  const { marker, swatch } = course.looks;
  const { fit, pieces } = course.hinges;
  const { createPlane } = course.plane;
  const { createFrame } = course.frame;
  const { makeHandle } = course.handle;

  const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
  const round = (value, unit) => Number((Math.round(value / unit) * unit).toPrecision(12));
  const whole = (angle) => ((angle % 360) + 360) % 360;

  function create(data) {
    const id = newId(), { bounds, points, labels, looks } = data, wide = bounds[0][1] - bounds[0][0];
    let units = data.units, chosen = 0, step = 0, network;

    // The newest unit is chosen when one steps. The network is fitted once for what is drawn and told.
    function seen(state) {
      if (state.step !== step) [step, chosen] = [state.step, state.step];
      network = fit(points, labels, units.slice(0, step), wide);
      return { units, there: step, chosen, network };
    }
    function choose(unit) {
      if (unit > frame.state.step) frame.state.step = step = unit; // it comes, with those before it
      chosen = unit;
      frame.render();
    }
    function change(what) {
      units = units.map((unit, k) => (k === chosen - 1 ? { ...unit, ...what } : unit));
      frame.render();
    }
    const picture = createPlane(data, id, seen, choose);
    const unit = () => units[Math.max(chosen, 1) - 1], held = () => picture.held(unit());
    const fine = 10 ** Math.floor(Math.log10(wide / 300));
    const [move, turn] = picture.handles.map(({ node, label }) => ({ node: picture.node, start: node, startLabel: label }));
    makeHandle({ ...move, under: picture.under }, {
      bounds: picture.grips, where: held, move: (point) => change({ point }), fine, pace: [5 * fine, 50 * fine], what: "point on a line",
    });
    // From the other handle to the pointer, in degrees.
    const direction = (event) => {
      const [[x, y], [px, py]] = [picture.under(event), held()];
      return [(Math.atan2(y - py, x - px) * 180) / Math.PI];
    };
    makeHandle({ ...turn, under: direction }, {
      bounds: [[-Infinity, Infinity]], where: () => [unit().angle], move: ([angle]) => change({ angle: whole(angle) }),
      fine: 1, pace: [3, 15], what: "direction of a line",
    });
    fill(turn.start, { "aria-valuemin": 0, "aria-valuemax": 360 });
    for (const { label, word } of picture.handles) label.textContent = word;

    const names = ["none", ...units.map((_, k) => `unit ${k + 1}`)];
    const choice = make("select", {}, ...names.map((name, k) => make("option", { value: k }, name)));
    choice.addEventListener("change", () => choose(Number(choice.value)));
    const given = button("Lines as given", "Lines as given: bring them back", () => {
      units = data.units;
      frame.render();
    });
    const bar = make("div", { class: "player-choices" }, make("label", {}, "Move ", choice), given);
    const caption = make("p", { class: "player-caption player-brief" });

    const cells = Array.from({ length: 6 }, () => make("td"));
    const sample = ({ marker: shape }) => swatch(["right", marker(shape, 17, 7, 5)]);
    const classRows = looks.map((look, k) => makeRow([sample(look), `class ${k} on its side`], cells[k + 2]));
    const table = makeTable(["Fitted by least squares", "Value"], [
      makeRow(["units"], cells[0]), makeRow(["pieces in view"], cells[1]), ...classRows,
      makeRow(["share of points right"], cells[4]), makeRow(["mean squared error"], cells[5]),
    ]);
    function count() {
      const outputs = points.map(network.output);
      const right = outputs.map((output, k) => output > 0.5 === labels[k] > 0.5);
      const ofClass = (label) => right.filter((_, k) => labels[k] === label);
      const shares = looks.map((_, k) => `${ofClass(k).filter(Boolean).length} of ${ofClass(k).length}`);
      const error = mean(outputs.map((output, k) => (output - labels[k]) ** 2));
      const found = pieces(bounds, units.slice(0, step)).length, most = 1 + step + (step * (step - 1)) / 2;
      return [step, `${found} (at most ${most})`, ...shares, readable(mean(right.map(Number))), readable(error)];
    }
    function tell() {
      count().forEach((value, k) => (cells[k].textContent = value));
      choice.value = chosen;
      const { point, angle } = unit(), name = `unit ${Math.max(chosen, 1)}`;
      const shown = held().map((value) => readable(round(value, fine))), degrees = `${signed(round(angle, 0.1))} degrees`;
      fill(move.start, { "aria-label": `Move ${name}`, "aria-valuenow": point[0], "aria-valuetext": `through x₁ = ${shown[0]}, x₂ = ${shown[1]}` });
      fill(turn.start, { "aria-label": `Turn ${name}`, "aria-valuenow": whole(angle), "aria-valuetext": `rises towards ${degrees}` });
      if (!step) caption.textContent = "No unit: the output is the mean label everywhere. Step forward to add a unit.";
      else if (!chosen) caption.textContent = "Press a line, or choose a unit, to move it.";
      else caption.textContent = `Drag “move” and “turn”: the line of ${name}. Its output weight: ${readable(network.weights[chosen - 1])}.`;
      const [there, found, , , share, error] = cells.map((cell) => cell.textContent);
      return `${there} ${there === "1" ? "unit" : "units"}, ${found.split(" ")[0]} pieces, share right ${share}, mean squared error ${error}.`;
    }
    const frame = createFrame({
      id, data, last: units.length, picture, table, tell,
      controls: [bar, caption],
      keys: [" The arrow keys move or turn the chosen line, while “move” or “turn” has the focus."],
      inks: looks.map(({ color }, k) => ({ color, nodes: [...picture.classes[k], classRows[k]] })),
    });
    return frame;
  }

  course.moves.add("hinge", create);
};
