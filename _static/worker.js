// The worker in which the reader's Python runs. It has neither the page nor the network, and is ended when it does not
// answer. From a disk a worker may only be made of a Blob: so Brython comes as a function whose source goes into one.

(window.courseParts ??= {}).worker = (course) => {
  "use strict";
  const { make } = course.dom;

  const PATIENCE = 2000, LONGEST_START = 60000; // milliseconds
  const LATE = "Stopped: no answer within 2 seconds. Is there a loop that never ends?";
  // By these names a script in a worker asks for something from elsewhere, or keeps something.
  const REACH = [
    "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "FontFace", "Worker",
    "SharedWorker", "importScripts", "indexedDB", "caches", "BroadcastChannel",
  ];

  // Runs in the worker, after Brython.
  function inside(program, reach) {
    const $B = (globalThis.$B = globalThis.__BRYTHON__); // its modules look for it by that name
    const send = globalThis.postMessage.bind(globalThis);
    $B.finders.path = $B.finders.stdlib_static = $B.finders.VFS; // no module is looked for elsewhere
    $B.runPythonSource(program, "lab");
    for (const name of ["browser", "javascript"]) delete $B.imported[name];
    for (let at = globalThis; at; at = Object.getPrototypeOf(at)) for (const name of reach) delete at[name];
    const answer = $B.$getattr($B.imported.lab, "answer");
    globalThis.onmessage = ({ data }) => send($B.pyobj2jsobj($B.$call(answer, data))); // texts, both
    send("ready");
  }

  let brython = null, running = null, last = Promise.resolve();

  // A script's tag, since a page from a disk may not fetch.
  function load() {
    return new Promise((resolve, reject) => {
      const script = make("script", { src: `${window.labLibrary.folder}brython.js` });
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error("Brython could not be loaded.")));
      document.head.append(script);
    });
  }

  async function start() {
    await (brython ??= load());
    const given = [window.labLibrary.program, REACH].map((each) => JSON.stringify(each));
    const source = `(${window.labBrython})();\n(${inside})(${given});`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    try {
      await heard(worker, LONGEST_START);
    } finally {
      URL.revokeObjectURL(address);
    }
    return worker;
  }

  // What the worker says next.
  function heard(worker, patience) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(LATE)), patience);
      worker.onmessage = ({ data }) => resolve(data, clearTimeout(late));
      worker.onerror = (event) => reject(new Error(event.message), clearTimeout(late));
    });
  }

  async function one(request) {
    let worker;
    try {
      worker = await (running ??= start());
      worker.postMessage(JSON.stringify(request));
      return JSON.parse(await heard(worker, PATIENCE));
    } catch (error) {
      worker?.terminate();
      running = null;
      return { error: error.message, line: null };
    }
  }

  // Asks are answered one after the other, each in at most two seconds once Python is there.
  function ask(request) {
    last = last.then(() => one(request));
    return last;
  }

  return { ask };
};
