// On paper the page is light: dark colours would be ink on white. Afterwards it is as the reader had it.

(window.courseParts ??= {}).paper = () => {
  "use strict";

  const root = document.documentElement;
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
