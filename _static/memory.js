// What the reader did, kept in the browser: nothing leaves it. A browser that refuses to keep anything (some do, for
// pages from a disk) keeps it until the page is closed.

(window.courseParts ??= {}).memory = () => {
  "use strict";

  const PREFIX = "learn-the-training-loop:";
  const here = new Map(); // what could not be stored

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name)) ?? here.get(name);
    } catch {
      return here.get(name); // refused, or not ours to read
    }
  }

  // Returns whether it will be there at the next visit.
  function write(name, value) {
    here.set(name, value);
    try {
      localStorage.setItem(PREFIX + name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  function forget(name) {
    here.delete(name);
    try {
      localStorage.removeItem(PREFIX + name);
    } catch {
      // then nothing was kept
    }
  }

  // All that is there, as a table from name to value.
  function all() {
    const found = Object.fromEntries(here);
    try {
      for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
        const name = key.slice(PREFIX.length), value = read(name);
        if (value !== undefined) found[name] = value;
      }
    } catch {
      // refused: then there is what this page has seen
    }
    return found;
  }
  const forgetAll = () => Object.keys(all()).forEach(forget);

  // What a page is called in names here, wherever the book lies.
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");

  return { read, write, forget, all, forgetAll, page };
};
