// The player of signals in a deep network: the reader moves a setting, and steps from layer to layer.
//
// course_lib/depth_player.py stores, for each activation function, setting and layer, all that is shown: nothing is
// computed here.

(window.courseParts ??= {}).depth = (course) => {
  "use strict";
  const { make, makeRow, makeTable, newId, useKeys } = course.dom;
  const { between, readable, signed } = course.numbers;
  const { swatchOf } = course.looks;
  const { createBars } = course.bars;
  const { createLevels } = course.levels;
  const { createFrame } = course.frame;

  function create(data) {
    const id = newId(), { last, functions, settings, colors } = data;
    let chosen = 0, setting = Math.floor(settings.length / 2);
    const run = () => functions[chosen].runs[setting];
    const layer = (step) => (step ? run()[step - 1] : data.inputs);
    const nameOf = (step) => (step ? `layer ${step} of ${last}` : "the inputs");
    const set = () => `${data.setting} ${signed(settings[setting])}`;
    const nameOfSetting = () => data.names?.[setting] ?? "";
    const spoken = () => [set(), nameOfSetting()].filter(Boolean).join(", ");

    const bars = createBars(data, ({ step }) => {
      const { limits, beyond } = step ? functions[chosen] : data.inputs;
      return { title: `${nameOf(step)}${step ? `: ${functions[chosen].name}, ${set()}` : ""}`, limits, beyond, bars: layer(step).bars };
    });
    const spreads = createLevels({
      quantity: "Standard deviation of a layer", powers: data.spreads, last, shape: "o",
      seen: () => [data.inputs, ...run()].map(({ spread }) => spread),
    });
    const gradients = createLevels({
      quantity: "Size of the gradient at a layer", powers: data.gradients, last, shape: "D",
      seen: () => [null, ...run().map(({ gradient }) => gradient)],
    });
    // The levels stand right below the histogram, before the buttons, and are drawn with it.
    const both = [spreads, gradients], levels = make("div", { class: "player-levels" }, ...both.map((one) => one.node));
    const picture = { ...bars, render: (state) => [bars, ...both].forEach((one) => one.render(state)) };
    const resized = () => both.forEach((one) => one.resize(Math.max(one.node.clientWidth, 160)));

    // Which activation function: a list, where there is more than one. And the slider.
    const choice = make("select", {}, ...functions.map(({ name }, k) => make("option", { value: k }, name)));
    choice.addEventListener("change", () => {
      chosen = Number(choice.value);
      frame.render();
    });
    const slider = make("input", { type: "range", id: `${id}-setting`, min: 0, max: settings.length - 1, step: 1 });
    const reading = make("span", { class: "player-set" });
    // The names of settings have a line of their own, so that nothing moves when one comes or goes.
    const named = data.names ? [make("div", { class: "player-named" })] : [];
    function move(to) {
      setting = between(0, to, settings.length - 1);
      frame.render();
    }
    slider.addEventListener("input", () => move(Number(slider.value)));
    const by = (steps) => () => move(setting + steps);
    useKeys(slider, {
      ArrowRight: by(1), ArrowUp: by(1), PageUp: by(3), ArrowLeft: by(-1), ArrowDown: by(-1), PageDown: by(-3),
      Home: () => move(0), End: () => move(settings.length - 1),
    });
    const bar = make(
      "div", { class: "player-choices" },
      ...(functions.length > 1 ? [make("label", {}, `${data.choice ?? "Activation"} `, choice)] : []),
      make("div", { class: "player-setting" }, make("label", { for: slider.id }, data.setting), slider, reading),
      ...named,
    );

    const cells = Array.from({ length: 5 }, () => make("td"));
    const spreadRow = makeRow([swatchOf({ marker: "o" }), "standard deviation"], cells[2]);
    const gradientRow = makeRow([swatchOf({ marker: "D" }), "size of the gradient"], cells[4]);
    const table = makeTable(["At this layer", "Value"], [
      makeRow(["layer"], cells[0]), makeRow(["mean activation"], cells[1]), spreadRow,
      makeRow(["share exactly 0"], cells[3]), gradientRow,
    ]);
    function tell({ step }) {
      const { mean, spread, zeros, gradient } = layer(step);
      const values = [mean, spread, zeros].map(readable), told = step ? readable(gradient) : "–";
      [step ? `${step} of ${last}` : "inputs", ...values, told].forEach((value, k) => (cells[k].textContent = value));
      choice.value = chosen;
      slider.value = setting;
      slider.setAttribute("aria-valuetext", spoken());
      reading.textContent = signed(settings[setting]);
      named.forEach((line) => (line.textContent = nameOfSetting() || "\u00a0"));
      const words = `${nameOf(step)}: mean ${values[0]}, standard deviation ${values[1]}, share exactly 0 ${values[2]}`;
      return step ? `${functions[chosen].name}, ${spoken()}, ${words}, size of the gradient ${told}.` : `${words}.`;
    }
    const frame = createFrame({
      id, data, last, picture, table, tell, resized,
      controls: [levels, bar],
      keys: [` The arrow keys move the ${data.setting}, while its slider has the focus.`],
      inks: [
        { color: colors[0], nodes: [bars.ink, spreads.ink, spreadRow] },
        { color: colors[1], nodes: [gradients.ink, gradientRow] },
      ],
    });
    return frame;
  }

  course.moves.add("depth", create);
};
