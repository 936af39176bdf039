// A point of a picture that the reader moves: with the mouse, a finger or the keys.

(window.courseParts ??= {}).handle = (course) => {
  "use strict";
  const { fill, draw, useKeys } = course.dom;
  const { between } = course.numbers;

  // Make the start on a picture a handle. The picture has `node`, `start` (with a .player-ring), `startLabel` and
  // `under(event)`, which says in numbers where the pointer is: as many as `bounds` has pairs. `where()` is the start,
  // and `move` gets a new one. `fine` is what the numbers are rounded to, `pace` a key's step: [small, with Shift].
  function makeHandle(picture, { bounds, where, move, snap = (number) => number, fine, pace, what }) {
    const handle = picture.start, plane = bounds.length > 1;
    fill(picture.node, { role: "group" }); // an image would hide the handle from people who listen
    picture.startLabel.textContent = "drag the start";
    handle.querySelector(".player-ring").setAttribute("r", 10);
    handle.prepend(draw("circle", { class: "player-grip", r: 22 })); // as large as a finger
    handle.classList.add("player-handle");
    const [[low, high]] = bounds;
    const role = { role: "slider", "aria-roledescription": what, "aria-valuemin": low, "aria-valuemax": high };
    fill(handle, { tabindex: 0, "aria-label": "Start", ...role });
    const exact = (number) => Number(number.toPrecision(12));
    const moveTo = (point) => move(point.map((w, k) => between(bounds[k][0], exact(Math.round(w / fine) * fine), bounds[k][1])));

    let grip = bounds.map(() => 0); // from the pointer to the start, so that it does not jump under the finger
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      grip = picture.under(event).map((w, k) => where()[k] - w);
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) moveTo(picture.under(event).map((w, k) => snap(w + grip[k], k)));
    });
    // For browsers that do not heed `touch-action` inside of a drawing.
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    const by = (...directions) => (event) => {
      const step = pace[event.shiftKey ? 1 : 0];
      // To a whole small step, so that the keys reach zero from anywhere.
      const whole = (w, direction) => exact(Math.round((w + direction * step) / pace[0]) * pace[0]);
      moveTo(where().map((w, k) => (directions[k] ? whole(w, directions[k]) : w)));
    };
    useKeys(handle, {
      ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), ArrowUp: plane ? by(0, 1) : by(1), ArrowDown: plane ? by(0, -1) : by(-1),
    });
  }

  return { makeHandle };
};
