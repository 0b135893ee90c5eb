"""A mail server that takes what it is given and does what it is told: refuse, put off, hold its answer, go away.

Own process, imports nothing of the platform. `python server.py` prints the port of SMTP and the address where it is told.
`POST /told` changes how it behaves: {"refuse": {"address": "550 …"}, "refuse_data": "554 …", "later": how many times 451,
"hold_s": seconds between taking a mail and saying so, "gone": true}; `GET /received` lists every mail it took.
"""

import json
import socketserver
import sys
import threading
import time
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORLD: dict[str, Any] = {"refuse": {}, "refuse_data": "", "later": 0, "hold_s": 0.0, "gone": False, "received": []}


class Session(socketserver.StreamRequestHandler):
    """One connection: the commands a sender needs, no more."""

    sender = ""
    recipients: list[str]

    def handle(self) -> None:
        self.recipients = []
        if WORLD["gone"]:
            return
        self.say("220 mail.example ESMTP")
        while line := self.rfile.readline(2_000):
            words = line.decode("utf-8", "replace").strip()
            if words.upper() == "QUIT":
                self.say("221 bye")
                return
            self.command(words)

    def command(self, words: str) -> None:
        verb = words.split(" ", 1)[0].upper()
        if verb in ("EHLO", "HELO"):
            self.say("250-mail.example", "250 8BITMIME")
        elif verb == "MAIL":
            self.sender, self.recipients = words.partition("<")[2].partition(">")[0], []
            self.say("250 2.1.0 ok")
        elif verb == "RCPT":
            self.recipient(words.partition("<")[2].partition(">")[0])
        elif verb == "DATA":
            self.data()
        elif verb in ("RSET", "NOOP"):
            self.say("250 ok")
        else:
            self.say("502 5.5.2 what")

    def recipient(self, address: str) -> None:
        if WORLD["later"] > 0:
            WORLD["later"] -= 1
            self.say("451 4.7.1 come again later")
        elif address in WORLD["refuse"]:
            self.say(WORLD["refuse"][address])
        else:
            self.recipients.append(address)
            self.say("250 2.1.5 ok")

    def data(self) -> None:
        if not self.recipients:
            self.say("503 5.5.1 nobody to take it")
            return
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline(200_000)) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if WORLD["refuse_data"]:
            self.say(WORLD["refuse_data"])
            return
        WORLD["received"].append(kept(self.sender, self.recipients, b"".join(lines)))
        time.sleep(WORLD["hold_s"])
        self.say("250 2.0.0 taken")

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


def kept(sender: str, recipients: list[str], raw: bytes) -> dict[str, Any]:
    mail = message_from_bytes(raw, policy=default)
    parts = {
        part.get_content_subtype(): part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"
    }
    return {
        "from": sender, "to": recipients, "headers": {name: str(value) for name, value in mail.items()},
        "text": parts.get("plain", ""), "html": parts.get("html", ""), "raw": raw.decode("latin-1"),
    }  # fmt: skip


class Told(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        WORLD.update(json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0))))
        self.say({})

    def do_GET(self) -> None:
        self.say(WORLD["received"])

    def say(self, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Quiet: what came is kept."""


class Smtp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def main() -> None:
    smtp, told = Smtp(("127.0.0.1", 0), Session), ThreadingHTTPServer(("127.0.0.1", 0), Told)
    sys.stdout.write(f"{smtp.server_address[1]} http://127.0.0.1:{told.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=told.serve_forever, daemon=True).start()
    smtp.serve_forever(0.05)


if __name__ == "__main__":
    main()
