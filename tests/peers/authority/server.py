"""The registry office: `GET /organisations/<code>` with the facts it was told, in the manner it was told.

Own process, standard library only, imports nothing of the platform. `python server.py [PORT]` prints its address;
`--facts FILE` begins with what stands there, `--lives-with PID` ends when that process does.
`POST /told` {"facts": {code: {...}}} or {"manner": one of MANNERS} changes what it says and how; `GET /asked` lists
the codes it was asked for.
"""

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MANNERS = ("plain", "slow", "dripping", "down", "erring", "garbled", "large", "another", "redirecting")
WORLD: dict[str, Any] = {"facts": {}, "manner": "plain", "asked": []}


class Office(BaseHTTPRequestHandler):
    """One answer a request; the manner decides how badly."""

    def do_GET(self) -> None:
        if self.path == "/asked":
            self.say(200, WORLD["asked"])
            return
        code = self.path.removeprefix("/organisations/")
        WORLD["asked"].append(code)
        getattr(self, WORLD["manner"])(code)

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        WORLD.update(told)
        self.say(200, {"manner": WORLD["manner"]})

    def plain(self, code: str) -> None:
        facts = WORLD["facts"].get(code)
        if facts is None:
            self.say(404, {"message": "查无此主体"})
        else:
            self.say(200, self.stated(code, facts))

    def slow(self, code: str) -> None:
        time.sleep(6)
        self.plain(code)

    def dripping(self, code: str) -> None:
        """A byte now and then: each read succeeds, the whole never ends."""
        self.send_response(200)
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.2)

    def down(self, code: str) -> None:
        self.connection.close()

    def erring(self, code: str) -> None:
        self.say(500, {"message": "内部错误"})

    def garbled(self, code: str) -> None:
        self.send(200, b"<html>maintenance</html>")

    def large(self, code: str) -> None:
        self.send(200, b'{"a":"' + b"x" * 2_000_000 + b'"}')

    def another(self, code: str) -> None:
        self.say(200, self.stated("91310000MA1FL0000X", {"name": "另一家公司"}))

    def redirecting(self, code: str) -> None:
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def stated(self, code: str, facts: dict[str, Any]) -> dict[str, Any]:
        return {"source": "市场主体登记库（演示）", "uscc": code, "status": "active", "qualifications": [], **facts}

    def say(self, status: int, value: Any) -> None:
        self.send(status, json.dumps(value, ensure_ascii=False).encode())

    def send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Quiet: what it was asked is kept, see `/asked`."""


def end_with(pid: int, server: ThreadingHTTPServer) -> None:
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            server.shutdown()
            return
        time.sleep(1.0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int, nargs="?", default=0)
    parser.add_argument("--facts", metavar="FILE")
    parser.add_argument("--lives-with", type=int, metavar="PID")
    given = parser.parse_args()
    if given.facts:
        WORLD["facts"] = json.loads(Path(given.facts).read_text("utf-8"))
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Office)
    server.daemon_threads = True
    if given.lives_with:
        threading.Thread(target=end_with, args=(given.lives_with, server), daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
