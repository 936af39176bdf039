// On paper the page is light: dark colours would be ink on white. Afterwards it is as the reader had it. Short
// code is not torn apart.

(window.courseParts ??= {}).paper = () => {
  "use strict";

  const SHORT = 20; // lines
  const root = document.documentElement;
  for (const code of document.querySelectorAll(".bd-article pre"))
    code.parentElement.classList.toggle("short-code", code.textContent.split("\n").length <= SHORT);
  let theme;
  addEventListener("beforeprint", () => {
    theme ??= root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    if (theme) root.dataset.theme = theme;
    theme = undefined;
  });
};
