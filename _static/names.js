// What the theme leaves without a name that one can hear, or gives another one than one sees.

(window.courseParts ??= {}).names = () => {
  "use strict";

  for (const field of document.querySelectorAll(".search-button-field")) field.removeAttribute("aria-label");
  for (const fold of document.querySelectorAll(".bd-sidebar details > summary")) {
    const chapter = fold.closest("li")?.querySelector("a")?.textContent.trim();
    fold.setAttribute("aria-label", chapter ? `Pages of ${chapter}` : "Pages");
  }
  const sidebar = document.querySelector(".bd-sidebar-primary");
  sidebar?.setAttribute("role", "region");
  sidebar?.setAttribute("aria-label", "The book");

  // The icons of the button for light and dark say their titles, all three at once; a script draws them later.
  function quiet(button) {
    for (const icon of button.querySelectorAll("svg:not([aria-hidden='true']), svg:has(title)")) {
      icon.querySelector("title")?.remove();
      icon.removeAttribute("aria-labelledby");
      icon.setAttribute("aria-hidden", "true");
    }
  }
  for (const button of document.querySelectorAll(".theme-switch-button")) {
    quiet(button);
    new MutationObserver(() => quiet(button)).observe(button, { childList: true, subtree: true });
  }
};
