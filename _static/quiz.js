// A quiz: the questions of a section that has a place <p class="quiz-score"></p>. The first choice of each question is
// marked, counted and remembered; what one opens afterwards, to read the other replies, is not. Without scripts there
// is no place, and the reader counts.

(window.courseParts ??= {}).quiz = (course) => {
  "use strict";

  const { make, button } = course.dom;

  // Choices side by side are one question. Its name is what it says, so that a question put elsewhere stays the same.
  function findQuestions(section) {
    const found = [];
    for (const fold of section.querySelectorAll("details.choice")) {
      const last = found[found.length - 1];
      if (last?.choices.includes(fold.previousElementSibling)) last.choices.push(fold);
      else found.push({ choices: [fold] });
    }
    for (const question of found) question.name = question.choices.map(textOf).join(" | ");
    return found;
  }
  const summaryOf = (choice) => choice.querySelector("summary");
  const textOf = (choice) => summaryOf(choice).textContent.trim();

  function create(_, place) {
    const questions = findQuestions(place.closest("section"));
    const page = `quiz:${course.memory.page}`, scored = `score:${course.memory.page}`;
    const score = make("span"), again = button("Forget my choices", "Forget my choices of this quiz", forget, "quiz-forget");
    let first = course.memory.read(page) ?? {}; // question → what was chosen first
    let kept = true;

    function mark() {
      for (const { name, choices } of questions) {
        for (const choice of choices) {
          const chosen = first[name] === choice.dataset.words, there = summaryOf(choice).querySelector(".quiz-first");
          if (chosen && !there) summaryOf(choice).append(make("span", { class: "quiz-first" }, " (your first choice)"));
          else if (!chosen) there?.remove();
        }
      }
    }

    function tell() {
      const open = questions.filter(({ name }) => !(name in first)).length;
      const isRight = (choice) => choice.classList.contains("right");
      const right = questions.filter(({ name, choices }) => first[name] === choices.find(isRight)?.dataset.words).length;
      const answered = questions.length - open;
      if (answered) course.memory.write(scored, { right, answered, total: questions.length });
      else course.memory.forget(scored);
      again.hidden = answered === 0;
      if (answered === 0) score.textContent = `None of the ${questions.length} questions is answered yet.`;
      else {
        const rest = open ? `; ${open} to go` : "";
        const where = kept ? "Kept in this browser only." : "Your browser keeps it only until you leave the page.";
        score.textContent = `Right at the first choice: ${right} of ${answered}${rest}. ${where} `;
      }
    }

    function choose(question, choice) {
      if (question.name in first) return;
      first = { ...first, [question.name]: choice.dataset.words };
      kept = course.memory.write(page, first);
      mark();
      tell();
    }

    function forget() {
      first = {};
      course.memory.forget(page);
      for (const { choices } of questions) for (const choice of choices) choice.open = false;
      mark();
      tell();
      summaryOf(questions[0].choices[0]).focus(); // the button is gone; begin again
    }

    function begin() {
      for (const question of questions) {
        for (const choice of question.choices) {
          choice.dataset.words = textOf(choice);
          choice.addEventListener("toggle", () => choice.open && choose(question, choice));
        }
      }
      mark();
      tell();
      place.append(score, again);
    }
    return { begin };
  }

  course.moves.add("quiz", create, "p.quiz-score");
};
