// Predictions. What answers one stays hidden until the reader opens one of its boxes: a choice, or the answer. On
// paper, where nothing can be opened, it stands at the end. Without scripts, each result is a box that one opens.

(window.courseParts ??= {}).folds = (course) => {
  "use strict";

  const BOX = "details:is(.predict, .choice)", RESULT = "details.answer";

  const make = (tag, name, ...children) => course.dom.make(tag, { class: name }, ...children);

  // Boxes side by side are one prediction. Each result belongs to the last prediction before it.
  function findPredictions(article) {
    const found = [];
    for (const fold of article.querySelectorAll(`${BOX}, ${RESULT}`)) {
      const last = found[found.length - 1];
      if (fold.matches(RESULT)) last?.results.push(fold);
      else if (last?.boxes.includes(fold.previousElementSibling)) last.boxes.push(fold);
      else found.push({ boxes: [fold], results: [], opened: false });
    }
    return found;
  }

  // --- on the page -------------------------------------------------------------------------------------------

  function openTogether(predictions, status) {
    for (const prediction of predictions) {
      for (const fold of [...prediction.boxes, ...prediction.results]) {
        fold.addEventListener("toggle", () => {
          if (!fold.open) return;
          prediction.opened = true;
          const hidden = prediction.results.filter((result) => !result.open);
          if (!prediction.boxes.includes(fold) || hidden.length === 0) return;
          for (const result of hidden) result.open = true;
          const many = hidden.length > 1;
          status.textContent = many ? `${hidden.length} results are now shown below.` : "The result is now shown below.";
        });
      }
    }
  }

  // --- on paper ----------------------------------------------------------------------------------------------

  // All that a fold holds but its summary.
  function contents(fold) {
    const all = [...fold.childNodes];
    return all.slice(all.indexOf(fold.querySelector("summary")) + 1);
  }

  // A result, and the fold of the code that drew it, if it has one: what it writes into a figure tells what one sees there.
  const withItsCode = (result) => [result, ...result.parentElement.querySelectorAll(":scope > details:not(.answer)")];

  // Whether on paper nothing stands between a result's note and the one before it.
  function saidJustBefore(result) {
    const cell = result.parentElement;
    const allMoves = [...cell.children].every((child) => child.matches("details, .printed-note"));
    const before = (allMoves ? cell : result).previousElementSibling;
    return Boolean(before?.matches(".printed-note") || before?.lastElementChild?.matches(".printed-note"));
  }

  // Moves what answers the predictions that nobody has opened to the end of the article. Returns what moves it back.
  function moveToTheEnd(article, predictions) {
    const end = make("section", "printed-answers", make("h2", "", "Answers to the predictions"));
    const notes = [], moves = [];
    predictions.filter((prediction) => !prediction.opened).forEach(({ boxes, results }, k) => {
      const note = () => {
        notes.push(make("p", "printed-note", `Answer ${k + 1}: at the end.`));
        return notes[notes.length - 1];
      };
      end.append(make("h3", "", `Answer ${k + 1}`));
      for (const fold of [...boxes, ...results.flatMap(withItsCode)]) {
        const inside = contents(fold), isBox = boxes.includes(fold);
        if (isBox && boxes.length > 1) {
          end.append(make("p", "printed-choice", ...fold.querySelector("summary").cloneNode(true).childNodes));
        }
        // In something like its cell, so that it looks the same.
        end.append(make("div", isBox ? "" : fold.parentElement.className, ...inside));
        moves.push(() => fold.append(...inside));
      }
      boxes[boxes.length - 1].after(note());
      for (const result of results) {
        const here = note();
        here.classList.toggle("printed-again", saidJustBefore(result));
        result.after(here);
      }
    });
    if (moves.length) article.append(end);
    return () => {
      for (const back of moves) back();
      for (const node of [end, ...notes]) node.remove();
    };
  }

  // There is no node to put anywhere: the boxes are on the page.
  function create(_, article) {
    const predictions = findPredictions(article);
    function begin() {
      if (predictions.length === 0) return;
      const status = make("p", "folds-status");
      status.setAttribute("role", "status");
      article.append(status);
      openTogether(predictions, status);
      let moveBack = () => {};
      addEventListener("beforeprint", () => {
        moveBack(); // if a browser never said that it had printed
        moveBack = moveToTheEnd(article, predictions);
      });
      addEventListener("afterprint", () => moveBack());
    }
    return { begin };
  }

  course.moves.add("predictions", create, "article.bd-article");
  return { findPredictions };
};
