// The frame around all that one steps through: buttons, keys, the slider of steps, play; and sizes and colours that
// follow the page. A player is its `state` ({step, playing}) and one function, `render`, which draws any state. Nothing
// is built anew when something changes: what the reader holds or has focused stays.

(window.courseParts ??= {}).frame = (course) => {
  "use strict";
  const { make, button, useKeys } = course.dom;
  const { between } = course.numbers;
  const { dashLines, colorInks } = course.looks;

  const SPEEDS = [["Slow", 900], ["Medium", 350], ["Fast", 110]]; // milliseconds a step
  const key = (text) => make("kbd", {}, text);

  // A player gives, besides its `data` (title), its `id` and its `last` step:
  //   picture    what stands above: { node, resize(width), render(state) }
  //   controls   nodes of its own between the picture and the buttons, with words about their `keys`
  //   table      what stands below, left, and `chart`, below, right: like the picture
  //   inks       see looks.js
  //   tell       (state) → what to say to people who listen; it fills the table
  //   resized    called when the width has changed
  function createFrame({ id, data, last, picture, chart, table, controls = [], keys = [], inks, tell, resized = () => {}, extra = {} }) {
    const state = { step: 0, playing: false, ...extra };
    const play = button("Play", "Play", () => toggle(), "player-play");
    const back = button("‹ Back", "Back one step", () => goTo(state.step - 1));
    const forward = button("Step ›", "Step forward", () => goTo(state.step + 1));
    const reset = button("Reset", "Reset to the start", () => goTo(0));
    const speed = make("select", {}, ...SPEEDS.map(([name, pause]) => make("option", { value: pause }, name)));
    speed.value = SPEEDS[1][1];
    const slider = make("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Step" });
    slider.addEventListener("input", () => goTo(Number(slider.value)));
    // No <output>: that would be read aloud at each step of a walk that plays.
    const counter = make("span", { class: "player-counter" });
    const status = make("p", { class: "player-status", role: "status" });
    const below = chart ? [table, chart.node] : [table];

    const node = make(
      "div", { class: "player-live", role: "group", tabindex: 0, "aria-label": data.title, "aria-describedby": `${id}-keys` },
      make("p", { class: "player-title" }, data.title),
      picture.node,
      ...controls,
      make("div", { class: "player-controls" }, play, back, forward, reset, make("label", { class: "player-speed" }, "Speed ", speed)),
      make("div", { class: "player-slider" }, slider, counter),
      make("p", { class: "player-keys", id: `${id}-keys` }, "Keys, once you click or tab here: ", key("Space"), " or ", key("→"),
        " one step, ", key("←"), " back, ", key("P"), " play or pause, ", key("Esc"), " pause, ", key("Home"), " and ", key("End"), " the ends.", ...keys),
      make("div", { class: "player-below" }, ...below),
      status,
    );

    let timer = 0, speaking = 0;
    function stop() {
      clearTimeout(timer);
      state.playing = false;
    }
    function toggle() {
      if (state.playing) {
        stop();
      } else {
        state.playing = true;
        if (state.step === last) state.step = 0;
        timer = setTimeout(tick, Number(speed.value));
      }
      render();
    }
    function tick() {
      state.step = between(0, state.step + 1, last);
      if (state.step === last) stop();
      else timer = setTimeout(tick, Number(speed.value));
      render();
    }
    function goTo(step) {
      stop();
      state.step = between(0, step, last);
      render();
    }

    function render() {
      const { step, playing } = state;
      picture.render(state);
      chart?.render(state);
      slider.value = step;
      slider.setAttribute("aria-valuetext", `step ${step} of ${last}`);
      counter.textContent = `step ${step} of ${last}`;
      play.textContent = playing ? "Pause" : "Play";
      play.setAttribute("aria-label", play.textContent);
      // Not `disabled`: a button that loses the focus while it is being pressed strands people who use the keyboard.
      back.setAttribute("aria-disabled", step === 0);
      reset.setAttribute("aria-disabled", step === 0);
      forward.setAttribute("aria-disabled", step === last);
      const words = tell(state);
      // Say where things stand once the reader rests, never while it plays.
      clearTimeout(speaking);
      if (!playing) speaking = setTimeout(() => (status.textContent = `Step ${step} of ${last}. ${words}`), 400);
    }

    useKeys(node, {
      " ": () => goTo(state.step + 1),
      ArrowRight: () => goTo(state.step + 1),
      ArrowLeft: () => goTo(state.step - 1),
      Home: () => goTo(0),
      End: () => goTo(last),
      p: toggle,
      P: toggle,
    });
    // Wherever in it the focus is, and the key keeps its other uses.
    node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && state.playing) toggle();
    });

    function resize() {
      picture.resize(Math.max(picture.node.clientWidth, 200));
      chart?.resize(Math.max(chart.node.clientWidth, 160));
      resized();
      render();
    }
    // Needs the node on the page: sizes and colours come from there.
    function begin() {
      const recolor = () => node.isConnected && colorInks(inks, picture.node); // another may stand in its place
      inks.forEach(dashLines);
      recolor();
      resize();
      let width = node.clientWidth;
      new ResizeObserver(() => {
        if (node.clientWidth !== width) {
          width = node.clientWidth;
          resize();
        }
      }).observe(node);
      new MutationObserver(recolor).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
      matchMedia("(forced-colors: active)").addEventListener("change", recolor);
    }
    return { node, begin, state, render };
  }

  return { createFrame };
};
