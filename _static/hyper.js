// A slider for each hyperparameter that a rule's signature has.

(window.courseParts ??= {}).hyper = (course) => {
  "use strict";
  const { make, newId } = course.dom;
  const { readable } = course.numbers;

  // What a slider offers, by the kind of number that a name stands for.
  const SHARES = [...Array.from({ length: 20 }, (_, k) => k / 20), 0.98, 0.99, 0.995, 0.999, 0.9999];
  const SMALL = [0, ...Array.from({ length: 25 }, (_, k) => Number(((k % 2 ? 3 : 1) * 10 ** (Math.floor(k / 2) - 12)).toPrecision(1)))];
  const COUNTS = [null, 5, 10, 20, 50, 100, 200];
  const UPDATES = [...Array.from({ length: 21 }, (_, k) => 5 * k), 1, 2, 150, 200];
  const TIMES = [0, 0.125, 0.25, 0.5, 1, 2, 4, 8];
  const UPDATE_NAMES = /^(total|warmup|decay|step_size)$/;
  const SMALL_NAMES = /^(eps|.*_decay|initial_.*)$/, SHARE_NAMES = /^(betas|momentum|dampening|alpha|rho|gamma|floor|start)$/;

  function stopsOf(name, value, rates) {
    if (name === "lr") return rates;
    if (name.endsWith("_warmup")) return COUNTS;
    if (UPDATE_NAMES.test(name)) return UPDATES;
    if (SMALL_NAMES.test(name)) return SMALL;
    if (SHARE_NAMES.test(name) && value < 1) return SHARES;
    return TIMES.map((times) => times * (value || 1));
  }
  const shown = (value) => (value === null ? "none" : value > 0.99 && value < 1 ? String(value) : readable(value));

  function createSlider(name, label, value, rates, changed) {
    const stops = [...new Set([...stopsOf(name, value, rates), value])].sort((a, b) => (a ?? -1) - (b ?? -1));
    const id = newId(), reading = make("span", { class: "player-set" });
    const input = make("input", { type: "range", id, min: 0, max: stops.length - 1, step: 1 });
    input.value = stops.indexOf(value);
    const tell = () => {
      reading.textContent = shown(stops[input.value]);
      input.setAttribute("aria-valuetext", reading.textContent);
    };
    input.addEventListener("input", () => {
      tell();
      changed(stops[input.value]);
    });
    tell();
    return make("div", { class: "player-setting" }, make("label", { for: id }, label), input, reading);
  }
  function createBox(name, value, changed) {
    const id = newId(), input = make("input", { type: "checkbox", id });
    input.checked = value;
    input.addEventListener("change", () => changed(input.checked));
    return make("div", { class: "player-setting" }, make("label", { for: id }, name), input);
  }

  // `values` is a copy of the signature's, with what the reader has set; `changed` gets a name and its new value.
  function createHyper(values, rates, changed) {
    const node = make("div", { class: "player-choices player-sliders" });
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === "boolean") node.append(createBox(name, value, (now) => changed(name, now)));
      else if (Array.isArray(value)) {
        const now = [...value];
        value.forEach((part, k) => {
          const put = (number) => {
            now[k] = number;
            changed(name, [...now]);
          };
          node.append(createSlider(name, `${name}[${k}]`, part, rates, put));
        });
      } else if (value === null || typeof value === "number") {
        node.append(createSlider(name, name, value, rates, (now) => changed(name, now)));
      }
    }
    return node;
  }

  return { createHyper };
};
