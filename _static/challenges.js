// Challenges of the lab: sentences, each with a check that runs beside the reader's rule. What is solved is remembered.

(window.courseParts ??= {}).challenges = (course) => {
  "use strict";
  const { make, button } = course.dom;

  const KEPT = "challenges", TAKEN = "challenge";

  // `begin(name)` is called when the reader takes one on.
  function createChallenges({ begin }) {
    const all = window.labLibrary.challenges, names = Object.keys(all);
    const solved = course.memory.read(KEPT) ?? {};
    const summary = make("summary"), list = make("ol");
    const node = make("details", { class: "lab-challenges" }, summary, list);
    let taken = names.find((name) => name === course.memory.read(TAKEN)) ?? null;
    function choose(name) {
      taken = name;
      if (name) course.memory.write(TAKEN, name);
      else course.memory.forget(TAKEN);
      render();
    }

    const items = names.map((name) => {
      const mark = make("span", { class: "lab-solved" });
      const take = button("Take it on", "Take it on", () => {
        begin(name);
        choose(name);
      });
      const leave = button("Leave it", `Leave it: ${all[name].says}`, () => {
        choose(null);
        take.focus();
      });
      const item = make("li", {}, all[name].says, " ", mark, take, " ", leave);
      list.append(item);
      return { name, item, mark, take, leave };
    });
    function render() {
      const count = names.filter((name) => solved[name]).length;
      summary.textContent = `Challenges: ${count} of ${names.length} solved`;
      node.open ||= Boolean(taken);
      for (const { name, item, mark, take, leave } of items) {
        leave.hidden = name !== taken;
        mark.textContent = solved[name] ? "Solved. " : "";
        item.classList.toggle("lab-taken", name === taken);
        take.textContent = name === taken ? "Begin again" : "Take it on";
        take.setAttribute("aria-label", `${take.textContent}: ${all[name].says}`);
      }
    }

    // What becomes of the one that is taken on, in a sentence, now that a rule has run.
    async function tell(rule) {
      if (!taken) return "";
      const { rule: name, landscape, without, says } = all[taken];
      if (rule.name !== name) return `Challenge: it begins with ${window.labLibrary.rules[name].title}. Begin it again, or leave it.`;
      const { loss, start } = window.labLibrary.landscapes[landscape];
      const known = window.labLibrary.rules[name].text;
      const asked = taken;
      const answer = await course.worker.ask({ text: rule.ran, name, hyper: rule.hyper, challenge: asked, without, known, loss, start });
      if (answer.error) return `Challenge: ${answer.error}`;
      if (answer.missing) return `Challenge: not yet. ${answer.missing}`;
      if (!solved[asked]) {
        solved[asked] = { says, on: new Date().toISOString().slice(0, 10) };
        course.memory.write(KEPT, solved);
      }
      render();
      return `Challenge solved: ${says}`;
    }
    render();
    return { node, tell };
  }

  return { createChallenges };
};
