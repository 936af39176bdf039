// The lab: the reader changes a rule, presses Run, and sees its path beside that of the library's own rule. Once run,
// the start and the sliders act at once; a text acts when Run is pressed.

(window.courseParts ??= {}).lab = (course) => {
  "use strict";
  const { make, button, newId } = course.dom;
  const { between, readable } = course.numbers;
  const { createMap } = course.map;
  const { createPaths } = course.paths;
  const { createMultiplier } = course.multiplier;
  const { createEditor } = course.editor;
  const { createHyper } = course.hyper;
  const { createChallenges } = course.challenges;
  const { makeHandle } = course.handle;
  const { MOST_RULES, setUp, ruleOf, sound, brief, written, read } = course.setup;

  const NEGLIGIBLE = 1e-10; // of the first loss: rounding
  const FAR = 20; // so many maps away a line leaves in about the right direction
  const MOST_UNDONE = 50;
  // A second rule of the same name, a third, a fourth; and the library's, where the reader's differs.
  const OTHERS = [
    { color: "#5533AA", dash: [4, 2], marker: "D" }, { color: "#228855", dash: [2, 2], marker: "^" },
    { color: "#AA4499", dash: [6, 2, 1, 2], marker: "s" },
  ];
  const LIBRARYS = { color: "#6B6B6B", dash: [2, 2], marker: "o" };

  // `groups`: a name for each, and its entries. One group alone needs none.
  function choose(label, groups, value, changed) {
    const id = newId(), node = make("select", { id });
    for (const [name, entries] of groups) {
      const options = entries.map(([key, text]) => make("option", { value: key }, text));
      node.append(...(groups.length > 1 ? [make("optgroup", { label: name }, ...options)] : options));
    }
    node.value = value;
    node.addEventListener("change", () => changed(node.value));
    return make("span", { class: "lab-choice" }, make("label", { for: id }, label), " ", node);
  }

  function create(_, place) {
    const library = window.labLibrary, { steps } = library;
    const page = `lab:${course.memory.page}`;
    const own = "whole" in place.dataset; // the lab's own page: it takes its set-up from the address
    const first = () => setUp(place.dataset.landscape, place.dataset.rules.split(" "));
    const linked = own && read(location.hash), mine = sound(course.memory.read(page));
    let setup = linked || mine || first();
    let hasRun = false, stage = null, cards = [], round = 0;
    const earlier = [], later = []; // set-ups, for Undo and Redo
    if (linked && mine && written(linked) !== written(mine)) earlier.push({ setup: mine, hasRun: false });

    const rules = make("div", { class: "lab-rules" }), stagePlace = make("div");
    const runButton = button("Run", "Run", run, "player-play");
    const add = button("Add a rule", "Add a rule beside", () => {
      change(() => setup.rules.push(ruleOf(another(), setup.landscape)));
      if (add.hidden) cards.at(-1).card.querySelector("select").focus();
    });
    const afresh = button("Start afresh", "Start afresh, with the library's rules", () => change(() => (setup = first())));
    const undo = button("Undo", "Undo: bring back what was here before", () => go(earlier, later));
    const redo = button("Redo", "Redo: bring back what was undone", () => go(later, earlier));
    const link = make("a", { class: "lab-link" }, own ? "Link to this set-up" : "Open in the lab");
    const status = make("p", { class: "lab-status", role: "status" });
    const landscape = make("div", { class: "lab-bar" });
    const challenges = own && createChallenges({
      begin: (name) => change(() => (setup = setUp(library.challenges[name].landscape, [library.challenges[name].rule]))),
    });
    const bar = make("div", { class: "lab-bar" }, runButton, add, afresh, undo, redo, link);
    const desk = make("div", { class: "lab-desk" }, landscape, rules);
    const stageSide = make("div", { class: "lab-stage" }, bar, status, stagePlace);
    const node = make(
      "div", { class: "lab-live player-live", role: "group", "aria-label": "The lab" },
      ...(own ? [challenges.node] : []), make("div", { class: "lab-columns" }, desk, stageSide),
    );

    // --- what one sets ---------------------------------------------------------------------------------------

    const landscapes = () => Object.entries(library.landscapes).map(([key, { title }]) => [key, title]);
    const ofSchedules = () => library.rules[setup.rules[0].name].schedule; // else of rules
    // The next rule of the list that is not there yet.
    const another = () => (titles(ofSchedules()).find(([name]) => !setup.rules.some((rule) => rule.name === name)) ?? [setup.rules[0].name])[0];
    const titles = (schedules) =>
      Object.entries(library.rules).filter(([, { schedule }]) => schedule === schedules).map(([key, { title }]) => [key, title]);
    // Rules walk beside rules, schedules beside schedules; what is alone may become either.
    const choices = () =>
      [["Rules", false], ["Schedules", true]].filter(([, kind]) => kind === ofSchedules() || (own && setup.rules.length === 1))
        .map(([name, kind]) => [name, titles(kind)]);

    // Another set-up: all is built anew, and nothing has run yet.
    function change(act) {
      remember();
      act();
      renew();
    }
    function renew() {
      hasRun = false;
      build();
      keep();
    }
    const now = () => structuredClone({ setup, hasRun });
    function remember() {
      earlier.push(now());
      earlier.splice(0, earlier.length - MOST_UNDONE);
      later.length = 0;
      offer();
    }
    function offer() {
      undo.hidden = earlier.length === 0;
      redo.hidden = later.length === 0;
    }
    function go(from, to) {
      to.push(now());
      const other = from.pop();
      setup = other.setup;
      renew();
      if (from.length === 0) runButton.focus(); // the focus does not fall out of the lab
      if (other.hasRun) run();
    }
    // What is here is what the next visit finds; an address that says otherwise is no longer true.
    function keep() {
      course.memory.write(page, brief(setup));
      if (own && location.hash) history.replaceState(null, "", location.pathname + location.search);
      point();
    }
    // Elsewhere; what has run as it stands runs there, too.
    function travel(key) {
      const runs = hasRun && setup.rules.every(({ text, ran, broken }) => text === ran && !broken);
      change(() => moveTo(key));
      landscape.querySelector("select").focus();
      if (runs) run();
    }
    function moveTo(key) {
      setup = { ...setUp(key, setup.rules.map(({ name }) => name)), rules: setup.rules };
      for (const rule of setup.rules) rule.hyper = { ...rule.hyper, lr: library.rules[rule.name].rates[key] };
    }

    function createCard(rule, k) {
      const { title, says, text } = library.rules[rule.name];
      const count = setup.rules.length, which = count > 1 ? ` ${k + 1}` : "";
      const editor = createEditor({
        label: `${title}${which}: the ${ofSchedules() ? "schedule" : "rule"}`, text: rule.text, run,
        changed: () => {
          rule.text = editor.value();
          keep();
          if (hasRun) status.textContent = "Changed: press Run.";
        },
      });
      const sliders = make("div");
      function slide() {
        const rates = library.rateStops;
        sliders.replaceChildren(createHyper(rule.hyper, rates, (name, value) => {
          rule.hyper[name] = value;
          delete rule.librarys[name];
          follow();
        }));
      }
      const restore = button("Restore", `Restore the library's ${title}${which}`, () => {
        remember();
        Object.assign(rule, ruleOf(rule.name, setup.landscape));
        Object.assign(rule, { ran: text, broken: false, librarys: {}, own: undefined });
        editor.set(text);
        slide();
        follow();
      });
      const remove = button("Remove", `Remove ${title}${which}`, () => {
        change(() => setup.rules.splice(k, 1));
        runButton.focus();
      });
      remove.hidden = count === 1;
      const name = choose(`${ofSchedules() ? "Schedule" : "Rule"}${which}`, choices(), rule.name, (now) => {
        change(() => (setup.rules[k] = ruleOf(now, setup.landscape)));
        cards[k].card.querySelector("select").focus();
      });
      // The sliders follow the signature that has run: its names, and the defaults that the reader has changed there.
      // The library's rule keeps what it had.
      rule.librarys ??= {};
      function signed(own) {
        const before = rule.own ?? (ofSchedules() ? own : library.rules[rule.name].signature);
        const other = Object.keys(own).filter((name) => name in before && String(before[name]) !== String(own[name]));
        rule.own = own;
        for (const name of other) {
          rule.librarys[name] ??= rule.hyper[name];
          rule.hyper[name] = own[name];
        }
        if (other.length) {
          slide();
          again = true;
        }
        const signature = ofSchedules() ? { lr: rule.hyper.lr, ...own } : own;
        if (String(Object.keys(signature)) === String(Object.keys(rule.hyper))) return;
        const kept = Object.keys(signature).filter((key) => key in rule.hyper);
        rule.hyper = { ...signature, ...Object.fromEntries(kept.map((key) => [key, rule.hyper[key]])) };
        slide();
      }
      slide();
      const card = make("div", { class: "lab-rule" }, make("div", { class: "lab-bar" }, name, make("span", { class: "lab-acts" }, restore, remove)), make("p", { class: "lab-says" }, says), editor.node, sliders);
      return { card, editor, signed };
    }

    function build() {
      landscape.replaceChildren(choose("Landscape", [["", landscapes()]], setup.landscape, travel));
      cards = setup.rules.map(createCard);
      rules.replaceChildren(...cards.map(({ card }) => card));
      rules.classList.toggle("lab-several", cards.length > 1);
      add.setAttribute("aria-disabled", cards.length === MOST_RULES);
      add.hidden = !own || cards.length === MOST_RULES;
      offer();
      const who = ofSchedules() ? "momentum 0.9 walks, at the rates of the schedule," : "the rules walk";
      const yours = setup.rules.some((rule) => rule.text !== library.rules[rule.name].text);
      const whose = yours ? "The rule here is not the library's; Restore brings that back. " : "";
      status.textContent = `${whose}Press Run: ${who} from the start on the map, which you can drag.`;
      show([]);
      point();
    }
    function point() {
      link.href = own ? written(setup) : `${library.folder}../../chapters/reference/the_lab.html${written(setup)}`;
    }

    // --- running ---------------------------------------------------------------------------------------------

    // What to walk: each rule, and where the reader's differs, the library's beside it.
    function walks() {
      const { loss } = library.landscapes[setup.landscape];
      const seen = {}, found = [];
      setup.rules.forEach((rule, k) => {
        const known = library.rules[rule.name], changed = rule.ran !== known.text, nth = (seen[rule.name] = (seen[rule.name] ?? 0) + 1);
        const look = nth === 1 ? known : OTHERS[nth - 2], nr = setup.rules.length > 1 ? `${k + 1}. ` : "", called = known.title;
        const request = { text: rule.ran, name: rule.name, hyper: rule.hyper, loss, start: setup.start, steps };
        if (ofSchedules()) request.peak = rule.hyper.lr;
        const note = ({ lr }) => `lr ${readable(lr ?? 0)}`;
        if (!rule.broken) found.push({ k, look, called: `${nr}${changed ? "Your " : ""}${called}`, note: note(rule.hyper), request });
        if (!changed) return;
        const hyper = { ...rule.hyper, ...rule.librarys };
        const librarys = { ...request, text: known.text, hyper, ...(ofSchedules() ? { peak: hyper.lr } : {}) };
        found.push({ look: LIBRARYS, called: `${nr}${called}, the library's`, note: note(hyper), request: librarys });
      });
      return found;
    }

    let busy = false, again = false;
    async function compute() {
      const mine = round;
      busy = true;
      do {
        again = false;
        const asked = setup, walked = [];
        for (const walk of walks()) {
          const answer = await course.worker.ask(walk.request);
          if (mine !== round) return; // Run was pressed again, and that run is at it
          if (asked !== setup || !hasRun) break; // all is built anew
          cards[walk.k]?.editor.print(answer.printed ?? "");
          if (answer.error) {
            const rule = setup.rules[walk.k] ?? {};
            cards[walk.k]?.editor.mark({ message: answer.error, line: answer.line });
            rule.broken = true; // until Run is pressed again
          } else {
            if (walk.k !== undefined) cards[walk.k].signed(answer.signature);
            walked.push({ ...walk, ...answer });
          }
        }
        if (asked === setup && hasRun) show(walked);
      } while (again);
      busy = false;
    }

    // A slider or the start has moved.
    async function follow() {
      keep();
      if (!hasRun) return;
      if (busy) return void (again = true); // and who is at it goes on
      await compute();
      await judge();
    }

    async function run() {
      setup.rules.forEach((rule, k) => {
        rule.ran = rule.text;
        rule.broken = false;
        cards[k].editor.mark();
      });
      hasRun = true;
      const mine = ++round;
      status.textContent = window.labBrython ? "Running." : "Running. The first time, Python comes with it: 1.5 MB.";
      keep();
      await compute();
      if (mine === round) await judge();
    }

    // How it went, and what became of the challenge that was taken on.
    async function judge() {
      const broken = setup.rules.some((rule) => rule.broken);
      const went = broken ? "An error: see below the rule." : `${steps} updates. Move the start or a slider: the paths follow.`;
      const verdict = own && !broken ? await challenges.tell(setup.rules[0]) : "";
      status.textContent = verdict || went;
      status.classList.toggle("lab-done", verdict.startsWith("Challenge solved"));
    }

    // --- the picture -----------------------------------------------------------------------------------------

    function thousandths([x, y]) {
      const [[left, right], [low, high]] = library.landscapes[setup.landscape].bounds;
      return [(x - left) / (right - left), (high - y) / (high - low)].map((share) => 1000 * between(-FAR, share, FAR));
    }
    function pathOf({ look, called, note, path, losses, multipliers }) {
      const { lowest } = library.landscapes[setup.landscape];
      const above = losses.map((loss) => (loss ?? Infinity) - lowest); // JSON has no infinity
      const loss = above.map((each) => (each > NEGLIGIBLE * above[0] ? Math.min(each, 1e300) : 0));
      return { name: called, note, color: look.color, dash: look.dash, marker: look.marker, points: path.map(thousandths), loss, multipliers };
    }

    function show(walked) {
      const { bounds, minima, contours, lowest, title } = library.landscapes[setup.landscape];
      const paths = walked.map(pathOf), names = paths.map(({ name }) => name);
      const key = JSON.stringify([setup.landscape, names]);
      if (stage?.key === key) {
        paths.forEach((path, k) => Object.assign(stage.data.paths[k], path));
        stage.refresh();
        return;
      }
      const what = names.length ? `The paths of ${names.join(", ")}` : "Where the paths will be drawn";
      const data = {
        title: title.split(":")[0], description: `${what}, over the contour lines of ${title}.`,
        quantity: lowest ? "Loss above its minimum" : "Loss", bounds, minima, contours, paths, last: steps, start: thousandths(setup.start),
      };
      stage = { key, data, ...(paths.length ? createWalk(data) : createStill(data)) };
      stagePlace.replaceChildren(stage.node);
      const wide = bounds[0][1] - bounds[0][0];
      makeHandle(stage.picture, {
        bounds, where: () => setup.start, fine: 0.001, pace: wide > 6 ? [0.1, 1] : [0.05, 0.5], what: "point on the map",
        move: (point) => {
          setup.start = point;
          stand();
          follow();
        },
      });
      stage.begin();
      stand();
    }
    // Where the start is, before anything has walked from there.
    function stand() {
      const [x, y] = setup.start;
      stage.data.start = thousandths(setup.start);
      stage.picture.start.setAttribute("aria-valuenow", x);
      stage.picture.start.setAttribute("aria-valuetext", `x = ${readable(x)}, y = ${readable(y)}`);
      stage.refresh();
    }
    function createWalk(data) {
      const frame = createPaths(data, ofSchedules() ? createMultiplier(data, steps) : undefined);
      frame.state.step = steps; // the whole path
      return frame;
    }
    function createStill(data) {
      const picture = createMap(data, newId()), still = make("div", { class: "player-live" }, picture.node);
      const refresh = () => picture.render({ step: 0, shown: [] });
      function begin() {
        new ResizeObserver(() => {
          picture.resize(Math.max(picture.node.clientWidth, 200));
          refresh();
        }).observe(still);
      }
      return { node: still, picture, begin, refresh: () => picture.node.hasAttribute("viewBox") && refresh() };
    }

    // The link of the lab's own page leads to this page: what it does is written into the address.
    if (own) link.addEventListener("click", () => (status.textContent = "The address of this page now carries the set-up: copy it."));

    // Another link, followed on this page.
    addEventListener("hashchange", () => {
      const other = own && read(location.hash);
      if (other && written(other) !== written(setup)) change(() => (setup = other));
    });

    function begin() {
      for (const child of place.children) if (child !== node) child.classList.add("lab-still");
      build();
    }
    return { node, begin };
  }

  course.moves.add("lab", create, "div.lab");
};
