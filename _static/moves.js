// What moves on a page: the players, and the predictions. This file is the one way to put them there.
//
// Each other file holds a part: `(window.courseParts ??= {}).map = (course) => { …; return { createMap }; }`. A part
// finds the others as `course.dom`, `course.looks` and so on. Each is made when it is first asked for, once the whole
// page has been read: the order in which the files arrive does not matter. A part that moves says so:
//
//   course.moves.add("descent", create)
//
// `create(data, place)` gets what course_lib stored in a place `<div class="player" data-kind="descent">`, and the
// place. It returns `{ node, begin }`: the node is put there, `begin()` is called once it is, and the still picture
// before the place is hidden. If anything fails on the way, the node goes and the picture stays.

(function () {
  "use strict";

  const parts = (window.courseParts ??= {});
  const kinds = new Map(); // name → { create, where }

  function add(kind, create, where = `div.player[data-kind="${kind}"]`) {
    if (kinds.has(kind)) throw new Error(`"${kind}" is there already: two parts cannot add the same kind.`);
    kinds.set(kind, { create, where });
  }

  function gather() {
    const course = { moves: { add } };
    for (const [name, build] of Object.entries(parts)) {
      let built;
      Object.defineProperty(course, name, { enumerable: true, get: () => (built ??= build(course) ?? {}) });
    }
    return course;
  }

  // One thing that fails takes no other with it.
  function attempt(work, complaint) {
    try {
      work();
    } catch (error) {
      console.error(complaint, error);
    }
  }

  // The still picture that a place moves instead of: the last one before it, among what the cell shows.
  function stillOf(place) {
    const output = place.closest(".cell_output");
    const pictures = output ? [...output.querySelectorAll("img")] : [];
    return pictures.filter((p) => p.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  }

  function mount(place, create) {
    const script = place.querySelector(':scope > script[type="application/json"]');
    const { node, begin } = create(script && JSON.parse(script.textContent), place);
    if (!node) return begin();
    place.append(node);
    try {
      begin();
    } catch (error) {
      node.remove();
      throw error;
    }
    stillOf(place)?.classList.add("player-still");
  }

  function start() {
    const course = gather();
    for (const name of Object.keys(parts)) attempt(() => course[name], `The part "${name}" could not be made.`);
    for (const [kind, { create, where }] of kinds) {
      for (const place of document.querySelectorAll(where)) {
        attempt(() => mount(place, create), `"${kind}" could not start; its picture stays.`);
      }
    }
    for (const place of document.querySelectorAll("div.player[data-kind]")) {
      if (!kinds.has(place.dataset.kind)) console.error(`Nothing moves "${place.dataset.kind}"; its picture stays.`);
    }
  }

  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start); // when all scripts of the page have run
})();
