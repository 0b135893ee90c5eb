"""Measures the data interface end to end: records pushed over HTTP beside a bare insert, and how soon they are seen.

Runs the processes of `up` (web, sealer, follower, courier) against a database made for measuring. One system sends a
burst while another sends single notices, because both must be served. Answers figures, never a verdict.
"""

import contextlib
import http.client
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import override_settings

from tradehall.accounts.services import add_system
from tradehall.exchange.registry.examples import example
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.webhooks import add_webhook
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM

Figure = dict[str, object]
RECORDS = 100_000
BATCH = 1_000
SINGLES = 200
SENDERS = 2
LIMIT_S = 2.0
PATIENCE_S = 300.0
BEAT_S = 0.1  # asking oftener would measure the asking
PROCESSES = {"web": "18", "sealer": "0", "follower": "0", "courier": "6"}
NAME = "WIN_RESULT_ANNO"
PUSH = "/api/v1/exchange/records"


@dataclass(slots=True)
class Seen:
    """When each position was first seen, by each way."""

    feed: dict[int, float] = field(default_factory=dict)
    webhook: dict[int, float] = field(default_factory=dict)


@dataclass(slots=True)
class Hall:
    port: int
    token: str
    seen: Seen
    stop: threading.Event = field(default_factory=threading.Event)


def exchange(size: int | None = None) -> Iterator[Figure]:
    """`size` records in the burst; then single notices on a quiet platform, each from its push to where it is seen."""
    count = size or RECORDS
    messages = [_message(1, begin, min(BATCH, count - begin)) for begin in range(0, count, BATCH)]
    bare = _bare_insert(messages)
    yield _figure("exchange.bare-insert", count / bare, "records/s", size=count)
    with tempfile.TemporaryDirectory() as folder, override_settings(HOME=Path(folder)), _hall(folder) as hall:
        yield from _burst(hall, messages, count, count / bare)
        yield from _delays(hall, "quiet", _singles(hall, SINGLES, 2))


def _burst(hall: Hall, messages: Sequence[bytes], count: int, bare: float) -> Iterator[Figure]:
    greedy = add_system(by=PLATFORM, at=platform_now(), code="bench-burst", name="突发", line="works").token
    connection.close()
    beside: list[tuple[float, int, float]] = []
    done = threading.Event()
    other = threading.Thread(target=lambda: beside.extend(_singles(hall, 10_000, 3, until=done.is_set)))
    first, began = _position(hall.port), time.monotonic()
    other.start()
    senders = [
        threading.Thread(target=_send, args=(hall.port, greedy, messages[n::SENDERS], n)) for n in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    taken = time.monotonic() - began
    done.set()
    other.join()
    _wait(lambda: _position(hall.port) >= first + count, "the burst is not sealed")
    in_feed = time.monotonic() - began
    _wait(lambda: _found(hall.port, messages[-1]), "the burst is not on the public window")
    on_window = time.monotonic() - began
    yield _figure("exchange.end-to-end", count / on_window, "records/s", None, count / on_window / bare, count)
    yield _figure("exchange.push", count / taken, "records/s", size=count)
    yield _figure("exchange.lag-to-feed", max(0.0, in_feed - taken), "s", size=count)
    yield _figure("exchange.lag-to-window", max(0.0, on_window - taken), "s", size=count)
    yield from _delays(hall, "beside-burst", beside)


def _delays(hall: Hall, name: str, sent: Sequence[tuple[float, int, float]]) -> Iterator[Figure]:
    """p99 from the moment a push begins to the moment the notice is seen."""
    positions = {position for _, position, _ in sent}
    _wait(lambda: positions <= hall.seen.webhook.keys() & hall.seen.feed.keys(), "feed and webhooks did not bring all")
    ways = {
        "window": [seen - began for began, _, seen in sent],
        "feed": [hall.seen.feed[position] - began for began, position, _ in sent],
        "webhook": [hall.seen.webhook[position] - began for began, position, _ in sent],
    }
    for way, times in ways.items():
        p99 = sorted(times)[math.ceil(len(times) * 0.99) - 1] if times else 0.0
        yield _figure(f"exchange.{name}-push-to-{way}-p99", p99, "s", LIMIT_S, p99 / LIMIT_S, len(times))


def _singles(
    hall: Hall, count: int, seed: int, until: Callable[[], bool] = lambda: False
) -> list[tuple[float, int, float]]:
    """(began, position, seen on the public window) of single notices, one after the other."""
    found = []
    for number in range(count):
        if until():
            break
        body, began = _message(seed, number, 1), time.monotonic()
        [receipt] = json.loads(_post(hall.port, hall.token, body, f"{seed}-{number}"))["receipts"]
        _wait(partial(_found, hall.port, body), "a notice is not on the public window")
        seen = time.monotonic()
        position = receipt["position"] or _position_of(hall, began)
        found.append((began, position, seen))
    return found


def _message(seed: int, begin: int, count: int) -> bytes:
    data_set = data_sets()[NAME]
    records = [example(data_set, seed, number) for number in range(begin, begin + count)]
    return json.dumps({"records": records}, ensure_ascii=False).encode()


def _bare_insert(messages: Sequence[bytes]) -> float:
    """The same bytes, a row a record, one COPY a message: what no interface can be faster than."""
    with connection.cursor() as cursor:
        cursor.execute("create table bench_record (id bigserial primary key, key text unique, body jsonb)")
        began = time.monotonic()
        for message in messages:
            records = json.loads(message)["records"]
            with cursor.copy("copy bench_record (key, body) from stdin") as copy:
                for one in records:
                    copy.write_row((one["data_key"], json.dumps(one, ensure_ascii=False)))
        taken = time.monotonic() - began
        cursor.execute("drop table bench_record")
    return taken


def _send(port: int, token: str, messages: Sequence[bytes], number: int) -> None:
    for turn, message in enumerate(messages):
        _post(port, token, message, f"burst-{number}-{turn}")


def _post(port: int, token: str, body: bytes, key: str) -> bytes:
    """Until it is taken: whoever is told to wait waits, and sends the same under the same key."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    while True:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as client:
            client.request("POST", PUSH, body, headers)
            answer = client.getresponse()
            content = answer.read()
            if answer.status == 200:
                return content
            if answer.status != 429:
                raise RuntimeError(f"a push was answered {answer.status}: {content[:300]!r}")
            time.sleep(float(answer.headers["Retry-After"]))


def _get(port: int, address: str) -> dict[str, Any]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as client:
        client.request("GET", address)
        answer = client.getresponse()
        content: dict[str, Any] = json.loads(answer.read())
        return content


def _found(port: int, message: bytes) -> bool:
    code = json.loads(message)["records"][-1]["fields"]["TENDER_PROJECT_CODE"]
    return bool(_get(port, f"/search.json?q={code}").get("items"))


def _position(port: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select size from sealer_state")
        return int(cursor.fetchone()[0])


def _position_of(hall: Hall, began: float) -> int:
    """A receipt that came before the sealer: the first notice the feed showed since."""
    _wait(lambda: any(at >= began for at in hall.seen.feed.values()), "the feed stands still")
    return min(position for position, at in hall.seen.feed.items() if at >= began)


def _wait(is_done: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_done():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(BEAT_S)


@contextlib.contextmanager
def _hall(folder: str) -> Iterator[Hall]:
    """The processes, a system that follows by webhook and feed, and what it has seen."""
    seen, port = Seen(), _free_port()
    with _processes(folder, port), _receiver(seen) as hook:
        token = add_system(by=PLATFORM, at=platform_now(), code="bench-other", name="旁观", line="works").token
        add_webhook(by=PLATFORM, at=platform_now(), system="bench-other", url=hook)
        hall = Hall(port, token, seen)
        following = threading.Thread(target=_follow, args=(hall,))
        following.start()
        try:
            yield hall
        finally:
            hall.stop.set()
            following.join()


def _follow(hall: Hall) -> None:
    after = 0
    while not hall.stop.is_set():
        with contextlib.suppress(OSError, ValueError):
            page = _get(hall.port, f"/api/v1/feed?after={after}&wait=1")
            now = time.monotonic()
            hall.seen.feed |= {item["position"]: now for item in page["items"]}
            after = page["next"]


@contextlib.contextmanager
def _receiver(seen: Seen) -> Iterator[str]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            now = time.monotonic()
            for item in body["items"]:
                seen.webhook.setdefault(item["position"], now)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


@contextlib.contextmanager
def _processes(folder: str, port: int) -> Iterator[None]:
    env = {**os.environ, "TRADEHALL_HOME": folder, "TRADEHALL_PORT": str(port)}
    with contextlib.ExitStack() as stack:
        for role, pool in PROCESSES.items():
            log = stack.enter_context((Path(folder) / f"{role}.log").open("wb"))
            own = env | {"TRADEHALL_PROCESS": role, "TRADEHALL_DB_POOL": pool}
            command = [sys.executable, "-m", "tradehall.config.cli", "serve", role]
            stack.callback(_end, subprocess.Popen(command, env=own, stdout=log, stderr=log))
        _wait(lambda: _is_up(port), "the page server did not start")
        yield


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(30)


def _is_up(port: int) -> bool:
    try:
        return "items" in _get(port, "/api/v1/feed?after=0")
    except (OSError, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _figure(
    bench: str, value: float, unit: str, limit: float | None = None, ratio: float | None = None, size: int | None = None
) -> Figure:
    kept = None if ratio is None else round(ratio, 4)
    return {"bench": bench, "value": round(value, 3), "unit": unit, "limit": limit, "ratio": kept, "size": size}
