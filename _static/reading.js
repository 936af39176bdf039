// What a reader did in a lesson: whether its end came into view, and what became of each prediction. The first box that
// is opened counts: a choice is right or wrong, an answer was looked at. A quiz keeps its own score.

(window.courseParts ??= {}).reading = (course) => {
  "use strict";

  const LESSON = /^\d_\d_/;

  function create(_, article) {
    const name = `lesson:${course.memory.page}`;
    const inQuiz = ({ boxes: [box] }) => box.closest("section")?.querySelector(":scope > p.quiz-score");
    const predictions = course.folds.findPredictions(article).filter((prediction) => !inQuiz(prediction));

    const kept = () => ({ read: null, total: predictions.length, predictions: {}, ...course.memory.read(name) });
    function keep(change) {
      course.memory.write(name, { ...kept(), total: predictions.length, ...change });
    }
    function open(number, box) {
      const { predictions: before } = kept();
      if (number in before) return;
      const became = box.matches(".choice") ? (box.matches(".right") ? "right" : "wrong") : "looked at";
      keep({ predictions: { ...before, [number]: became } });
    }

    function begin() {
      if (!LESSON.test(course.memory.page)) return;
      predictions.forEach(({ boxes }, k) => {
        for (const box of boxes) box.addEventListener("toggle", () => box.open && open(k + 1, box));
      });
      const end = course.dom.make("div");
      article.append(end);
      const watch = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watch.disconnect();
        if (!kept().read) keep({ read: new Date().toISOString().slice(0, 10) });
      }, { rootMargin: "1000000px 0px 0px" }); // in view, or above it: one may have jumped
      watch.observe(end);
    }
    return { begin };
  }

  course.moves.add("reading", create, "article.bd-article");
};
