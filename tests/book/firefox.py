"""A headless Firefox, spoken to in WebDriver BiDi: as much of it as opens a page and asks it something."""

import json
import re
import shutil
import subprocess
import threading
from contextlib import contextmanager

import websocket  # selenium brings it

NAMES = ("firefox-esr", "firefox")
STARTED = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


def missing():
    """What a machine lacks to have one, in words; an empty string if it lacks nothing."""
    return "" if any(map(shutil.which, NAMES)) else "no Firefox on the PATH"


class Firefox:
    """An open window."""

    def __init__(self, socket):
        self.socket, self.asked = socket, 0
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **params):
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("id") == self.asked:  # else it tells of something that nobody asked for
                break
        if said["type"] == "error":
            raise AssertionError(f"{method}: {said['error']}: {said['message']}")
        return said["result"]

    def get(self, address):
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, script, *arguments):
        """What the body of an async function returns; what goes in and comes out is JSON."""
        given = json.dumps(json.dumps(arguments))
        expression = f"(async (...given) => {{ {script} }})(...JSON.parse({given})).then(JSON.stringify)"
        target = {"context": self.context}
        said = self.ask("script.evaluate", expression=expression, target=target, awaitPromise=True)
        if said["type"] == "exception":
            raise AssertionError(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"]) if said["result"]["type"] == "string" else None


@contextmanager
def firefox(profile):
    """Start one that keeps its things in the folder ``profile``."""
    command = [
        next(filter(None, map(shutil.which, NAMES))),
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
    ]
    process = subprocess.Popen(
        [*command, "--remote-debugging-port=0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        address = next(found[1] for line in process.stderr if (found := STARTED.search(line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
        socket = websocket.create_connection(f"{address}/session", timeout=120, suppress_origin=True)
        try:
            yield Firefox(socket)
        finally:
            socket.close()
    finally:
        process.terminate()
        process.wait(30)
