// The slider of learning rates, with the theory's marks under it and a reading of what the theory says.

(window.courseParts ??= {}).rates = (course) => {
  "use strict";
  const { make, useKeys } = course.dom;
  const { between } = course.numbers;

  // The rate is kept as a multiple of 1/L, where L is the largest curvature, so that 1 − ηL is exact where it matters:
  // at 1/L and at 2/L, the limit.
  //   symbol   how the rate is called: "η", "lr"
  //   marks    [{ at, name }], multiples of 1/L; a name may have two lines
  //   fine     a key's step, and what the slider is rounded to; `coarse`: a step of the keys that turn pages
  //   moved    called when the reader has moved it
  // Its `render` gets the rate in words, what becomes of the walk, and the reason for it.
  function createRate({ id, label, symbol, multiple, most, fine, coarse, marks, moved }) {
    const exact = (value) => Number(value.toPrecision(12));
    const snapped = (value, reach) => {
      const [nearest] = [...marks].sort((a, b) => Math.abs(a.at - value) - Math.abs(b.at - value));
      return Math.abs(nearest.at - value) <= reach ? nearest.at : value;
    };
    multiple = snapped(multiple, 1e-9);
    function move(to) {
      multiple = between(0, to, most);
      moved();
    }

    const slider = make("input", { type: "range", id: `${id}-rate`, class: "player-eta-slider", min: 0, max: most, step: "any" });
    slider.style.setProperty("--limit", 2 / most);
    // Rounded, but the mark itself near a mark.
    slider.addEventListener("input", () => move(snapped(exact(Math.round(Number(slider.value) / fine) * fine), 2 * fine)));
    // The next fine, or coarse, step in a direction; a mark on the way is not passed over.
    function next(direction, pace) {
      const goal = exact(Math.round(multiple / pace + direction * 0.501) * pace);
      const passed = marks.map((m) => m.at).filter((at) => (at - multiple) * direction > 0 && (goal - at) * direction > 0);
      return direction > 0 ? Math.min(goal, ...passed) : Math.max(goal, ...passed);
    }
    const by = (direction, pace) => () => move(next(direction, pace));
    useKeys(slider, {
      ArrowRight: by(1, fine), ArrowUp: by(1, fine), PageUp: by(1, coarse),
      ArrowLeft: by(-1, fine), ArrowDown: by(-1, fine), PageDown: by(-1, coarse),
      Home: () => move(0), End: () => move(most),
    });

    const places = marks.map(({ at, name }) => {
      const tick = make("span", { class: "player-tick" });
      const spoken = `Set ${symbol} to ${name.replace("\n", " ")}`;
      const button = make("button", { type: "button", class: "player-mark", "aria-label": spoken }, name);
      for (const part of [tick, button]) part.style.setProperty("--at", at / most);
      button.addEventListener("click", (event) => {
        move(at);
        if (event.detail) slider.focus({ preventScroll: true }); // clicked: the next Space is a step, not this click again
      });
      return { at, tick, button };
    });
    const rail = make("div", { class: "player-rail" }, slider, ...places.map((p) => p.tick), ...places.map((p) => p.button));
    if (marks.some(({ name }) => name.includes("\n"))) rail.classList.add("player-two-lines");
    // Each mark's name ends at its line, in a lower row where it would cover the name before. So no name covers
    // another mark's line.
    function resize() {
      const ends = []; // where each row is taken up to
      for (const { tick, button } of places) {
        const right = button.offsetLeft + button.offsetWidth;
        let row = ends.findIndex((end) => end < button.offsetLeft);
        if (row < 0) row = ends.length;
        ends[row] = right;
        for (const part of [tick, button]) part.style.setProperty("--row", row);
      }
      rail.style.setProperty("--rows", ends.length);
    }
    // Whoever sets letters or words wider apart makes the names longer.
    const sizes = new ResizeObserver(resize);
    for (const { button } of places) sizes.observe(button);

    const value = make("strong"), words = make("strong"), reason = make("span", { class: "player-factors" });
    const reading = make("p", { class: "player-reading" }, make("span", {}, value, ": "), make("span", {}, words, "."), reason);
    // `spoken` is the rate for people who listen, where no mark has a name for it.
    function render({ shown, rate, spoken, verdict, why }) {
      const mark = marks.find((m) => m.at === multiple);
      value.textContent = shown;
      words.textContent = verdict;
      reason.textContent = why;
      slider.value = multiple;
      slider.setAttribute("aria-valuetext", `${rate}${mark ? `, ${mark.name.replace("\n", " ")}` : spoken}: ${verdict}`);
      for (const { at, button } of places) button.setAttribute("aria-pressed", at === multiple);
    }
    const node = make("div", { class: "player-eta" }, make("label", { for: slider.id }, label), rail, reading);
    return { node, multiple: () => multiple, resize, render };
  }

  return { createRate };
};
