// The search lands where the words stand. On the search page each result gets its passage: a link to the section that
// has most of the words, and a few lines of it. On the page that is opened then, the words are marked, the first in
// sight; folds in which one stands are opened. Escape, or the line above the text, takes the marks away.

(window.courseParts ??= {}).found = (course) => {
  "use strict";

  const AROUND = 110; // characters of a passage, before and after the first word
  const UNMARKED = "script, style, .math, mjx-container, .player-live, .headerlink, .copybtn, svg, mark";
  const { make } = course.dom;

  const wordsOf = (text) => [...new Set(text.toLowerCase().match(/[\p{L}\p{N}_.]+/gu) ?? [])].filter((w) => w.length > 1);

  // Other forms of a word are found by its beginning.
  const stem = (word) => (word.length > 5 ? word.replace(/(ings?|edly|ed|es|s|e|ation|ations)$/, "") : word);
  const pattern = (words) =>
    new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map((w) => stem(w).replaceAll(".", "\\.")).join("|")})[\\p{L}\\p{N}_]*`, "giu");

  function marked(text, words) {
    const pieces = [];
    let end = 0;
    for (const hit of text.matchAll(pattern(words))) {
      pieces.push(text.slice(end, hit.index), make("mark", {}, hit[0]));
      end = hit.index + hit[0].length;
    }
    return [...pieces, text.slice(end)];
  }

  // --- on the search page ---

  // The section with most of the words, and of those the one that says them most often for its length.
  function best(sections, words) {
    const any = pattern(words), each = words.map((word) => pattern([word]));
    let found = null;
    for (const [id, text] of sections) {
      const hits = [...text.matchAll(any)];
      if (!hits.length) continue;
      const different = each.filter((word) => text.match(word)).length;
      const score = different + hits.length / (text.length + 500);
      if (!found || score > found.score) found = { id, text, score, first: closest(hits, words) };
    }
    return found;
  }

  // Of two places that have as many of the words, a reader wants the sentence and not the code.
  function said(sections, words) {
    const prose = best(sections.map(([id, text]) => [id, text]), words);
    const code = best(sections.map(([id, , text]) => [id, text]), words);
    return prose && (!code || Math.floor(prose.score) >= Math.floor(code.score)) ? prose : code;
  }

  // Where most of the words stand close together.
  function closest(hits, words) {
    const near = (hit) =>
      new Set(hits.filter((h) => h.index >= hit.index && h.index < hit.index + AROUND).map((h) => stem(h[0].toLowerCase()))).size;
    return hits.reduce((a, b) => (near(b) > near(a) ? b : a)).index;
  }

  function excerpt({ text, first }, words) {
    let from = Math.max(0, first - AROUND);
    let to = Math.min(text.length, first + AROUND);
    if (from > 0) from = text.indexOf(" ", from) + 1;
    if (to < text.length) to = text.lastIndexOf(" ", to);
    return make("p", { class: "passage" }, from > 0 ? "… " : "", ...marked(text.slice(from, to), words), to < text.length ? " …" : "");
  }

  function land(result, words) {
    const link = result.querySelector("a");
    const url = new URL(link.href);
    const root = new URL(document.documentElement.dataset.content_root || "./", location.href).href;
    const sections = window.passages[decodeURI(url.pathname).slice(decodeURI(new URL(root).pathname).length).replace(/\.html$/, "")];
    url.searchParams.set("highlight", words.join(" "));
    const passage = sections && said(url.hash ? sections.filter(([id]) => `#${id}` === url.hash) : sections, words);
    if (passage) {
      url.hash = passage.id;
      result.append(excerpt(passage, words));
    }
    link.href = url.href;
  }

  function watch(list) {
    const words = wordsOf(new URL(location).searchParams.get("q") ?? "");
    if (!words.length) return;
    const script = make("script", { src: "_static/passages.js" });
    script.addEventListener("load", () => {
      const done = new WeakSet();
      const look = () => {
        for (const result of list.querySelectorAll("ul.search > li")) {
          if (!done.has(result)) land(result, words);
          done.add(result);
        }
      };
      look();
      new MutationObserver(look).observe(list, { childList: true, subtree: true });
    });
    document.head.append(script);
  }

  // --- on the page that was found ---

  function mark(article, words) {
    const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const any = pattern(words);
    const found = [];
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.data.search(any) >= 0 && !node.parentElement.closest(UNMARKED)) found.push(node);
    }
    for (const node of found) node.replaceWith(...marked(node.data, words));
    return [...article.querySelectorAll("mark")];
  }

  function unfold(node) {
    for (let fold = node.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function arrive(article) {
    const url = new URL(location);
    const words = wordsOf(url.searchParams.get("highlight") ?? "");
    if (!words.length) return;
    url.searchParams.delete("highlight");
    history.replaceState(null, "", url);
    const marks = mark(article, words);
    if (!marks.length) return;
    const section = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
    const first = marks.find((m) => !section || section.contains(m)) ?? marks[0];
    unfold(first);
    const away = make("button", { type: "button" }, "Take the marks away");
    const line = make("p", { class: "found" }, `Marked: ${words.join(", ")}. `, away);
    function clear(event) {
      if (event.type === "keydown" && event.key !== "Escape") return;
      for (const m of article.querySelectorAll("mark")) m.replaceWith(...m.childNodes);
      article.normalize();
      line.remove();
      removeEventListener("keydown", clear);
    }
    away.addEventListener("click", clear);
    addEventListener("keydown", clear);
    article.prepend(line);
    const show = () => first.scrollIntoView({ block: "center" });
    show();
    // Formulas above it take their room later.
    (window.MathJax?.startup?.promise ?? Promise.resolve()).then(show);
    addEventListener("load", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(show));
  }

  course.moves.add("found", (_, list) => ({ begin: () => watch(list) }), "#search-results");
  course.moves.add("marks", (_, article) => ({ begin: () => arrive(article) }), "article.bd-article");
};
