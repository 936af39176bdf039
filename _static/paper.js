// On paper the page is light: dark colours would be ink on white. Afterwards it is as the reader had it. Short
// code is not torn apart.

(window.courseParts ??= {}).paper = () => {
  "use strict";

  const SHORT = 20; // lines
  const root = document.documentElement;
  let theme;
  addEventListener("beforeprint", () => {
    theme ??= root.dataset.theme;
    root.dataset.theme = "light";
    for (const code of document.querySelectorAll(".bd-article pre"))
      if (code.textContent.split("\n").length <= SHORT) code.parentElement.style.breakInside = "avoid";
  });
  addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme;
    theme = undefined;
  });
};
