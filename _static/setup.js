// What a lab is set up to: a landscape, a start, and up to four rules. It can be written as an address. What comes from
// an address, or was kept, is data that anybody may have written: it is looked at, and never run before the reader asks.

(window.courseParts ??= {}).setup = (course) => {
  "use strict";
  const { between } = course.numbers;

  const MARK = "#lab=", MOST_RULES = 4, LONGEST = 8000; // characters of one rule
  const library = () => window.labLibrary;

  // A library's rule as it stands, at the rate that suits the landscape.
  function ruleOf(name, landscape) {
    const { signature, rates } = library().rules[name];
    return { name, text: library().rules[name].text, hyper: { ...signature, lr: rates[landscape] } };
  }
  const setUp = (landscape, names) => ({
    landscape, start: [...library().landscapes[landscape].start], rules: names.map((name) => ruleOf(name, landscape)),
  });

  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
  const isSetting = (value) =>
    value === null || typeof value === "boolean" || isNumber(value) || (Array.isArray(value) && value.length < 9 && value.every(isNumber));

  // A set-up with what is sound in `given`; null if it is none.
  function sound(given) {
    const { rules, landscapes } = library();
    if (!Object.hasOwn(landscapes, given?.landscape) || !Array.isArray(given.rules)) return null;
    const { bounds, start } = landscapes[given.landscape];
    const inside = Array.isArray(given.start) && given.start.length === 2 && given.start.every(isNumber);
    const known = given.rules.filter((rule) => Object.hasOwn(rules, rule?.name));
    const found = known.filter(({ name }) => rules[name].schedule === rules[known[0].name].schedule).slice(0, MOST_RULES);
    if (found.length === 0) return null;
    return {
      landscape: given.landscape,
      start: (inside ? given.start : start).map((w, k) => between(bounds[k][0], w, bounds[k][1])),
      rules: found.map(({ name, text, hyper }) => {
        const own = ruleOf(name, given.landscape);
        const settings = Object.entries(hyper ?? {}).filter(([key, value]) => /^\w{1,40}$/.test(key) && isSetting(value));
        return {
          name,
          text: typeof text === "string" && text.length <= LONGEST ? text : own.text,
          hyper: { ...own.hyper, ...Object.fromEntries(settings.slice(0, 20)) },
        };
      }),
    };
  }

  // The library's own text is not written out: a link stays short, and follows a later edition.
  function brief({ landscape, start, rules }) {
    const shorter = ({ name, text, hyper }) => ({ name, hyper, ...(text === library().rules[name].text ? {} : { text }) });
    return { landscape, start, rules: rules.map(shorter) };
  }

  const written = (setup) => MARK + encodeURIComponent(JSON.stringify(brief(setup)));
  function read(hash) {
    if (!hash.startsWith(MARK)) return null;
    try {
      return sound(JSON.parse(decodeURIComponent(hash.slice(MARK.length))));
    } catch {
      return null; // no set-up of ours
    }
  }

  return { MOST_RULES, setUp, ruleOf, sound, brief, written, read };
};
