"""A national platform: receives packages, judges them by its own rules, and does what it is told wrong.

Own process and store, imports nothing of the platform. `python -m … server STORE [PORT]` prints its address.

`POST /told` {"keys": [Ed25519 public keys, base64], "faults": [{"fault", "times"?, "data_set"?, "data_key"?}],
"chances": {fault: probability}, "seed": n, "shared": {"notices": [{"origin", "record"}], "experts": […]},
"lost": [data keys]}. Faults: `error` 500 without effect · `broken` 500 after the effect · `silent` no answer, no effect ·
`mute` the effect and no answer · `gone` the connection is cut · `refuse` a verdict with field errors · `stale` the answer
to an earlier package · `garbage` 200 and no verdict. `GET /effects` lists what took effect, in order.
"""

import base64
import hashlib
import io
import json
import random
import sqlite3
import sys
import threading
import time
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEAD = (
    "FROM_PLATFORM_CODE", "TO_PLATFORM_CODE", "DATA_NO", "DATA_EN", "DATA_CN", "DATA_TYPE", "DATA_KEY", "DATA_VERSION",
    "DATA_DIGEST", "DATA_TIMESTAMP", "ROUTE_WAY",
)  # fmt: skip
WORLD: dict[str, Any] = {"keys": [], "faults": [], "chances": {}, "shared": {}, "lost": []}
CHANCE = random.Random(0)
LOCK = threading.RLock()
LAST: dict[str, str] = {}
COUNT = {"packages": 0, "duplicates": 0}
SILENCE_S = 30.0
SCHEMA = """
create table if not exists effect (
    no integer primary key, data_key text, version text, digest text, data_set text, data_type text, stated_on text,
    fields text, files integer, unique (data_key, version));
create table if not exists trouble (no integer primary key, words text);
"""
Error = dict[str, str]


def store(words: str, *values: Any) -> list[tuple[Any, ...]]:
    with LOCK:
        found = WORLD["db"].execute(words, values).fetchall()
        WORLD["db"].commit()
    return list(found)


class Platform(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path in ("/effects", "/count"):
            self.say(200, effects() if address.path == "/effects" else COUNT)
        elif not signed(self, "GET", b""):
            self.say(401, {"message": "signature"})
        elif fault_now(None):
            self.say(503, {})
        elif address.path.startswith("/shared/"):
            self.say(200, shared(address.path.rpartition("/")[2], int(asked["after"]), int(asked["limit"])))
        elif address.path == "/counts":
            self.say(200, counts(asked["on"]))
        elif address.path == "/records":
            rows = store(
                "select data_key, version, digest from effect where stated_on = ? and data_set = ?",
                asked["on"], asked["data_set"],
            )  # fmt: skip
            self.say(200, {"records": [row for row in rows if row[0] not in WORLD["lost"]]})
        else:
            self.say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/told":
            told(json.loads(body))
            self.say(200, {})
        elif self.path == "/packages":
            self.package(body)
        else:
            self.say(404, {})

    def package(self, body: bytes) -> None:
        COUNT["packages"] += 1
        if not signed(self, "POST", body):
            self.say(401, {"message": "signature"})
            return
        head, sent, errors, files = opened(self.headers.get("Package-Name", ""), body)
        fault = fault_now(head)
        if fault == "silent":
            time.sleep(SILENCE_S)
        if fault in ("silent", "gone"):
            self.cut()
        elif fault == "error":
            self.say(500, {})
        elif fault == "garbage":
            self.say(200, {"status": "accepted"})
        elif fault == "refuse" or errors:
            errors = errors or [{"field": "TITLE", "rule": "told", "message": "按指令退回"}]
            self.say(422, {**about(head), "status": "refused", "errors": errors})
        else:
            self.take(head, sent, files, fault)

    def take(self, head: Mapping[str, str], sent: Mapping[str, Any], files: int, fault: str) -> None:
        answer = {**about(head), "status": effect(head, sent, files)}
        with LOCK:
            before = dict(LAST)
            LAST.clear()
            LAST.update(answer)
        if fault == "mute":
            self.cut()
        elif fault == "broken":
            self.say(500, {})
        else:
            self.say(200, before if fault == "stale" and before else answer)

    def cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def say(self, status: int, value: Any) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Quiet: what took effect is kept, see `/effects`."""


def told(words: dict[str, Any]) -> None:
    with LOCK:
        if "seed" in words:
            CHANCE.seed(words.pop("seed"))
        WORLD.update(words)


def fault_now(head: Mapping[str, str] | None) -> str:
    """The first standing order that fits, else what chance brings."""
    with LOCK:
        for order in WORLD["faults"]:
            fits = head is None or all(order.get(a) in (None, head.get(b)) for a, b in WISHES)
            if fits and order.get("times", 1) > 0 and (head is not None or order["fault"] == "away"):
                order["times"] = order.get("times", 10**9) - 1
                return str(order["fault"])
        for fault, chance in WORLD["chances"].items() if head is not None else ():
            if CHANCE.random() < chance:
                return str(fault)
    return ""


WISHES = (("data_set", "DATA_EN"), ("data_key", "DATA_KEY"))


def signed(request: BaseHTTPRequestHandler, method: str, body: bytes) -> bool:
    name = request.headers.get("Package-Name", "")
    stated = [one.partition("=") for one in request.headers.get("Package-Signature", "").split(", ")]
    signatures = [base64.b64decode(text) for algorithm, _, text in stated if algorithm == "ed25519"]
    content = "\n".join((method, request.path, name, hashlib.sha256(body).hexdigest())).encode()
    for key in WORLD["keys"]:
        for signature in signatures:
            try:
                Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, content)
            except InvalidSignature:
                continue
            return True
    return False


def opened(name: str, body: bytes) -> tuple[dict[str, str], dict[str, Any], list[Error], int]:
    """The head, the JSON form, what is wrong with them, and how many files came along."""
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        files = {one: packed.read(one) for one in packed.namelist()}
    root = ElementTree.fromstring(files.pop(f"{name}.xml"))
    plain = files.pop(f"{name}.json")
    head = {one.tag: one.text or "" for one in root.findall("title/*")}
    context = {one.tag: one.text or "" for one in root.findall("context/*")}
    sent = json.loads(plain)
    errors = [error(one, "required", "报文头缺少") for one in HEAD if not head.get(one)]
    if hashlib.sha256(plain).hexdigest() != head.get("DATA_DIGEST"):
        errors.append(error("DATA_DIGEST", "digest", "摘要与内容不符"))
    if head.get("DATA_TYPE") != "3" and {k: v for k, v in sent["fields"].items() if v} != {
        k: v for k, v in context.items() if v
    }:
        errors.append(error("context", "contradiction", "XML 与 JSON 不一致"))
    if not name.endswith(f"-{head.get('DATA_NO')}"):
        errors.append(error("DATA_NO", "name", "包名与数据编号不符"))
    return head, sent, errors + file_errors(root, files), len(files)


def file_errors(root: ElementTree.Element, files: Mapping[str, bytes]) -> list[Error]:
    found = []
    for one in root.findall("SOURCE"):
        content = files.get(one.findtext("FILE_CODE") or "")
        if content is None:
            found.append(error("FILE_CODE", "missing", "附件不在包中"))
        elif hashlib.md5(content, usedforsecurity=False).hexdigest().upper() != one.findtext("MD5"):
            found.append(error("MD5", "digest", "附件的 MD5 不符"))
        elif hashlib.sha256(content).hexdigest() != one.findtext("SHA256"):
            found.append(error("SHA256", "digest", "附件的 SHA-256 不符"))
    return found


def error(field: str, rule: str, message: str) -> Error:
    return {"field": field, "rule": rule, "message": message}


def about(head: Mapping[str, str]) -> dict[str, str]:
    return {"data_key": head.get("DATA_KEY", ""), "digest": head.get("DATA_DIGEST", "")}


def effect(head: Mapping[str, str], sent: Mapping[str, Any], files: int) -> str:
    """Once for each version of a key; adding twice or changing the unknown is kept as trouble, for the test to see."""
    key, version, digest = head["DATA_KEY"], head["DATA_VERSION"], head["DATA_DIGEST"]
    with LOCK:
        if store("select 1 from effect where data_key = ? and version = ?", key, version) and key not in WORLD["lost"]:
            COUNT["duplicates"] += 1
            return "duplicate"
        if key in WORLD["lost"]:
            WORLD["lost"].remove(key)
            return "accepted"
        known = store("select data_type from effect where data_key = ? order by no desc limit 1", key)
        is_there = bool(known) and known[0][0] != "3"
        if (head["DATA_TYPE"] == "1") == is_there:
            store(
                "insert into trouble (words) values (?)", f"{key} {version}: type {head['DATA_TYPE']}, known {is_there}"
            )
        stamp = head["DATA_TIMESTAMP"]
        store(
            "insert into effect (data_key, version, digest, data_set, data_type, stated_on, fields, files)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            key, version, digest, head["DATA_EN"], head["DATA_TYPE"], f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}",
            json.dumps(sent["fields"], ensure_ascii=False), files,
        )  # fmt: skip
    return "accepted"


def effects() -> dict[str, Any]:
    names = ("data_key", "version", "digest", "data_set", "data_type", "fields", "files")
    rows = store(f"select {', '.join(names)} from effect order by no")
    troubles = [words for (words,) in store("select words from trouble order by no")]
    return {"effects": [dict(zip(names, row, strict=True)) for row in rows], "troubles": troubles}


def counts(day: str) -> dict[str, Any]:
    rows = store("select data_set, data_key, version, digest from effect where stated_on = ?", day)
    by_set: dict[str, list[str]] = {}
    for name, *line in rows:
        if line[0] not in WORLD["lost"]:
            by_set.setdefault(name, []).append(" ".join(line) + "\n")
    said = {
        name: {"records": len(lines), "digest": hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()}
        for name, lines in by_set.items()
    }
    return {"on": day, "data_sets": said}


def shared(series: str, after: int, limit: int) -> dict[str, Any]:
    items = WORLD["shared"].get(series, [])[after : after + limit]
    return {"items": items, "next": after + len(items)}


def main() -> None:
    WORLD["db"] = sqlite3.connect(sys.argv[1], check_same_thread=False)
    WORLD["db"].executescript(SCHEMA)
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), Platform)
    server.daemon_threads = True
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
