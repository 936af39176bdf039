// A text area for code: numbered lines, Enter that keeps the indentation, and a mark at the line of an error. Tab leaves
// it, as it leaves all else on the page.

(window.courseParts ??= {}).editor = (course) => {
  "use strict";
  const { make, newId } = course.dom;

  const INDENT = 4;

  // What Enter puts in after this part of a line: as much indentation, and more after a colon.
  function indentation(before) {
    const there = before.match(/^ */)[0].length;
    return there + (/:\s*(#.*)?$/.test(before) ? INDENT : 0);
  }

  function createEditor({ label, text, changed, run }) {
    const id = newId();
    const lines = make("div", { class: "editor-lines", "aria-hidden": "true" });
    const area = make("textarea", {
      id, class: "editor-text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off",
      "aria-describedby": `${id}-error`,
    });
    const error = make("p", { class: "editor-error", id: `${id}-error`, role: "status" });
    const printed = make("pre", { class: "editor-printed", "aria-label": "What it printed", tabindex: "0" });
    printed.hidden = true;
    const frame = make("div", { class: "editor-frame" }, lines, area);
    const node = make("div", { class: "editor" }, make("label", { for: id }, label), frame, error, printed);

    function number() {
      const count = area.value.split("\n").length;
      area.rows = count;
      lines.replaceChildren(...Array.from({ length: count }, (_, k) => make("span", {}, String(k + 1))));
    }
    function mark({ message = "", line = null } = {}) {
      error.textContent = line ? `Line ${line}: ${message}` : message;
      area.setAttribute("aria-invalid", Boolean(message));
      frame.style.setProperty("--wrong", line ?? 0);
      frame.classList.toggle("editor-wrong", Boolean(line));
    }
    function print(words) {
      printed.textContent = words;
      printed.hidden = !words;
    }
    function set(value) {
      area.value = value;
      number();
      mark();
    }
    // As if it were typed, so that the browser can undo it.
    function put(words) {
      if (!document.execCommand("insertText", false, words)) {
        area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
        area.dispatchEvent(new Event("input"));
      }
    }

    area.addEventListener("input", () => {
      number();
      mark();
      changed();
    });
    area.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the player's keys are letters here
      const before = area.value.slice(0, area.selectionStart).split("\n").pop();
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) put(`\n${" ".repeat(indentation(before))}`);
      else if (event.key === "Backspace" && /^ +$/.test(before) && area.selectionStart === area.selectionEnd) {
        area.selectionStart -= (before.length - 1) % INDENT + 1;
        document.execCommand("delete");
      } else return;
      event.preventDefault();
    });

    set(text);
    return { node, set, mark, print, value: () => area.value };
  }

  return { createEditor };
};
