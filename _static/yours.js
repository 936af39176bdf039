// The page "Your course": what this browser remembers of the reader, to look at, to take along and to clear.

(window.courseParts ??= {}).yours = (course) => {
  "use strict";
  const { make, button } = course.dom;

  const FILE = "learn-the-training-loop.json";
  // What is kept by a name that begins like this, and by no other.
  const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const KINDS = [
    [/^lesson:\w+$/, (value) => isTable(value) && (value.predictions === undefined || isTable(value.predictions))],
    [/^(quiz|score|lab):\w+$/, isTable],
    [/^challenges$/, (value) => isTable(value) && Object.values(value).every(({ says, on } = {}) => says && on)],
    [/^challenge$/, (value) => typeof value === "string"],
  ];
  const isOurs = ([name, value]) => KINDS.some(([names, fits]) => names.test(name) && fits(value));
  const QUESTION = "Clear all that this browser remembers of your course? This cannot be undone.";

  // The lessons, as the list beside the page has them.
  function findLessons() {
    const links = document.querySelectorAll('.bd-sidebar-primary a.reference.internal[href*="/part"]');
    return [...links].map((link) => ({
      title: link.textContent.trim(), href: link.href, page: new URL(link.href).pathname.split("/").pop().replace(/\.html$/, ""),
    }));
  }
  const count = (values, wanted) => values.filter((value) => value === wanted).length;

  function create() {
    const lessons = findLessons();
    const summary = make("p", { role: "status" }), body = make("tbody"), solved = make("ul");
    const heads = ["Lesson", "Read", "Predictions", "Quiz"].map((head) => make("th", { scope: "col" }, head));
    const table = make(
      "table", { class: "table" }, make("caption", { class: "unseen" }, "What you did in each lesson"),
      make("thead", {}, make("tr", {}, ...heads)), body,
    );
    const save = button("Export", "Export all of it as a file", take, "yours-button");
    const clear = button("Clear", "Clear all of it", forget, "yours-button");
    const file = make("input", { type: "file", accept: ".json,application/json", "aria-label": "A file that was exported", hidden: "" });
    const load = button("Import", "Import a file that was exported", () => file.click(), "yours-button");
    file.addEventListener("change", bring);
    const told = make("p", { role: "status" });
    const challenges = make("h2", {}, "Challenges solved");
    const node = make("div", { class: "yours" }, summary, make("div", { class: "yours-bar" }, save, load, clear), file, told, table, challenges, solved);

    function rowOf({ title, href, page }, kept) {
      const { read, total, predictions = {} } = kept[`lesson:${page}`] ?? {}, score = kept[`score:${page}`];
      const became = Object.values(predictions), looked = count(became, "looked at");
      const right = count(became, "right"), chosen = right + count(became, "wrong");
      const words = [chosen ? `right: ${right} of ${chosen}` : "", looked ? `looked at: ${looked}` : ""].filter(Boolean).join("; ");
      const cells = [
        read ?? "", total === undefined ? "" : words || `none of ${total} opened`,
        score ? `${score.right} of ${score.answered} right${score.answered < score.total ? `, ${score.total - score.answered} to go` : ""}` : "",
      ];
      return make("tr", {}, make("th", { scope: "row" }, make("a", { href }, title)), ...cells.map((cell) => make("td", {}, cell || "–")));
    }
    function render() {
      const kept = course.memory.all(), done = Object.values(kept.challenges ?? {});
      const read = lessons.filter(({ page }) => kept[`lesson:${page}`]?.read).length;
      const there = Object.keys(kept).length > 0;
      summary.textContent = there
        ? `${read} of ${lessons.length} lessons read to the end; ${done.length} ${done.length === 1 ? "challenge" : "challenges"} solved.`
        : "Nothing is remembered yet.";
      body.replaceChildren(...lessons.map((lesson) => rowOf(lesson, kept)));
      solved.replaceChildren(...done.map(({ says, on }) => make("li", {}, `${says} (${on})`)));
      challenges.hidden = solved.hidden = done.length === 0;
      for (const each of [save, clear]) each.hidden = !there;
    }

    function take() {
      const file = new Blob([JSON.stringify(course.memory.all(), null, 1)], { type: "application/json" });
      const link = make("a", { href: URL.createObjectURL(file), download: FILE });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }
    // What an exported file holds takes the place of what is here of the same lesson, quiz or lab; solved is solved.
    async function bring() {
      const [chosen] = file.files;
      file.value = ""; // so that the same one can be chosen again
      let found = {};
      try {
        found = JSON.parse(await chosen.text());
      } catch {
        // no JSON: nothing of ours is in it
      }
      const ours = Object.entries(found ?? {}).filter(isOurs);
      for (const [name, value] of ours) {
        const joined = name === "challenges" ? { ...course.memory.read(name), ...value } : value;
        course.memory.write(name, joined);
      }
      told.textContent = ours.length ? `Imported from ${chosen.name}.` : `Nothing was imported: ${chosen.name} is no file that this page has exported.`;
      render();
    }
    function forget() {
      if (!confirm(QUESTION)) return;
      course.memory.forgetAll();
      told.textContent = "";
      load.focus(); // Clear is gone
      render();
    }

    addEventListener("storage", render); // another page of the book is open
    return { node, begin: render };
  }

  course.moves.add("yours", create, "div.your-course");
};
