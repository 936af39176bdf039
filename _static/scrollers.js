// Tables and formulas that are wider than the screen scroll sideways: while one does, it is a stop of the Tab key, so
// that the arrow keys can scroll it. (The theme does so for code, and browsers differ in what they do by themselves.)

(window.courseParts ??= {}).scrollers = (course) => {
  "use strict";

  const MAY_SCROLL = ":not(.player-live *) > table, .pst-scrollable-table-container, mjx-container[display='true']";

  function create(_, article) {
    function look() {
      for (const node of article.querySelectorAll(MAY_SCROLL)) {
        const scrolls = node.scrollWidth > node.clientWidth && getComputedStyle(node).overflowX === "auto";
        if (scrolls) node.tabIndex = 0;
        else node.removeAttribute("tabindex");
      }
    }
    function begin() {
      look();
      addEventListener("resize", look);
      addEventListener("load", look); // formulas are drawn after the page is read
      article.addEventListener("toggle", look, true); // what stands in a fold is measured once it is open
      window.MathJax?.startup?.promise?.then(look);
    }
    return { begin };
  }

  course.moves.add("scrollers", create, "article.bd-article");
};
