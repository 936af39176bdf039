// Nodes, and the keys that come to them.

(window.courseParts ??= {}).dom = () => {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children = []) {
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  let ids = 0;
  const newId = () => `player-${++ids}`;

  function button(text, name, act, kind = "") {
    const node = make("button", { type: "button", "aria-label": name, class: kind }, text);
    node.addEventListener("click", act);
    return node;
  }

  // A table of two columns: a heading, and rows of a name and a cell.
  function makeTable([left, right], rows) {
    const head = make("tr", {}, make("th", { scope: "col" }, left), make("th", { scope: "col" }, right));
    return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
  }
  const makeRow = (name, ...cells) =>
    make("tr", {}, make("th", { scope: "row" }, make("span", { class: "player-name" }, ...name)), ...cells);

  // Whether two texts of one drawing stand on each other, or less than `gap` pixels apart on a line.
  function overlap(one, other, gap = 4) {
    if (!one.textContent || !other.textContent) return false;
    const a = one.getBBox(), b = other.getBBox();
    return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height && b.y < a.y + a.height;
  }

  // Use keys that come to a node or to what stands in it, unless something in it has a use for them.
  function useKeys(node, uses) {
    node.addEventListener("keydown", (event) => {
      const { target, key } = event;
      if (event.defaultPrevented) return; // used already
      if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(uses, key)) return;
      if (target.tagName === "SELECT") return; // it has its own use for them
      if (key === " " && target.closest("button, input[type=checkbox]")) return; // Space presses them
      event.preventDefault(); // and the page does not scroll
      uses[key](event);
    });
  }

  return { fill, make, draw, newId, button, makeTable, makeRow, overlap, useKeys };
};
