"""Measures public pages as a visitor's browser asks for them: kept pages beside a 10 KB constant of the same server.

Fills the database it is given with invented notices, so it runs only in one made for measuring. Answers figures, never a
verdict. The client pipelines, so that the server and not the client is what is measured.
"""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.db import connection
from django.test.utils import override_settings

from tradehall.config.bench_server import CONSTANT
from tradehall.disclosure import follower
from tradehall.journal.clock import platform_now
from tradehall.journal.sealer import seal_pending
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.money import amount
from tradehall.kernel.times import to_beijing
from tradehall.tenders.reports import LotClaim, Named, NoticeReport, ProjectClaim
from tradehall.tenders.services import Receipt, record_notices

Figure = dict[str, object]
NOTICES = 2_000
BATCH = 500
CONNECTIONS = 8
PIPELINED = 16
TURNS = 10
SECONDS = 0.6
ALONE = 60
LEAST_RATIO = 0.5
LIMIT_MS = 100.0
START_SECONDS = 60.0
HEAD = b"HTTP/1.1 200"


def pages(size: int | None = None) -> Iterator[Figure]:
    """`size` notices. Kept pages a second in turns with the constant, then pages built anew, one at a time."""
    count = size or NOTICES
    with tempfile.TemporaryDirectory() as folder:
        with override_settings(HOME=Path(folder)):
            receipts = _fill(count)
        connection.close()
        with _served(folder) as port:
            first = receipts[0]
            addresses = {"home": "/", "detail": f"/n/{first.notice_no}", "project": f"/p/{first.project_no}"}
            yield from _kept(port, addresses, count)
            yield from _built_anew(port, [receipt.notice_no for receipt in receipts], count)


def _kept(port: int, addresses: dict[str, str], count: int) -> Iterator[Figure]:
    """Page and constant in short turns, the ratio by the median turn: other work on the machine meets both alike."""
    for name, address in addresses.items():
        turns = [(_requests_a_second(port, CONSTANT), _requests_a_second(port, address)) for _ in range(TURNS)]
        constant, speed = (median(found) for found in zip(*turns, strict=True))
        ratio = median(page / beside for beside, page in turns)
        yield _figure(f"pages.constant-10kb-beside-{name}", constant, "requests/s", None, None, count)
        yield _figure(f"pages.{name}-kept", speed, "requests/s", LEAST_RATIO * constant, ratio, count)


def _built_anew(port: int, numbers: list[str], count: int) -> Iterator[Figure]:
    """An address that was never asked before is never kept: a parameter pages ignore makes each one new."""
    asked = {
        "home": [f"/?bench={turn}" for turn in range(ALONE)],
        "notices": [f"/notices?bench={turn}" for turn in range(ALONE)],
        "detail": [f"/n/{number}?bench=1" for number in numbers[1 : ALONE + 1]],
    }
    for name, addresses in asked.items():
        _get(port, addresses[0])
        times = sorted(_milliseconds(port, address) for address in addresses[1:])
        middle = median(times)
        yield _figure(f"pages.{name}-built-median", middle, "ms", LIMIT_MS, middle / LIMIT_MS, count)


def _fill(count: int) -> list[Receipt]:
    """Invented notices, recorded, sealed and projected as any others."""
    receipts: list[Receipt] = []
    for begin in range(0, count, BATCH):
        batch = [_report(number) for number in range(begin, min(begin + BATCH, count))]
        receipts += record_notices(batch, by=PLATFORM, at=platform_now())
    seal_pending()
    follower.catch_up()
    return receipts


def _report(number: int) -> NoticeReport:
    at = to_beijing(platform_now()) - timedelta(minutes=7 * number)
    name = f"云河市第{number}号道路改造工程"
    paragraph = "本工程已由云河市发展和改革委员会批准建设，现对施工进行公开招标，欢迎具备条件的潜在投标人参加。"
    return NoticeReport(
        system="bench",
        source_id=str(number),
        source_digest=f"{number:064x}",
        kind="tender_notice" if number % 3 else "result",
        line="works" if number % 2 else "procurement",
        title=f"{name}施工招标公告",
        published_at=at,
        project=ProjectClaim(name),
        principal=Named("云河市城市建设中心"),
        lots=(LotClaim("一标段"), LotClaim("二标段")),
        closes_at=at + timedelta(days=25),
        amount=amount(12_345_600 + number),
        body=tuple({"type": "paragraph", "text": f"{turn}. {paragraph}"} for turn in range(12)),
    )


@contextmanager
def _served(folder: str) -> Iterator[int]:
    """The page server in a process of its own, with the files a served process needs."""
    port = _free_port()
    env = {**os.environ, "TRADEHALL_HOME": folder, "TRADEHALL_PORT": str(port), "TRADEHALL_PROCESS": "bench"}
    env |= {"TRADEHALL_DB_POOL": "10", "DJANGO_SETTINGS_MODULE": "tradehall.config.settings"}
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "--noinput", "-v0"], env=env, check=True)
    with (Path(folder) / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tradehall.config.bench_server"], env=env, stdout=log, stderr=log
        )
        try:
            _wait_for(port, server, Path(folder) / "server.log")
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            _get(port, CONSTANT)
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the page server did not start: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _get(port: int, address: str) -> bytes:
    """One request on a connection of its own; any answer but 200 ends the bench."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = client.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        return body
    finally:
        client.close()


def _milliseconds(port: int, address: str) -> float:
    began = time.perf_counter()
    _get(port, address)
    return (time.perf_counter() - began) * 1000


def _requests_a_second(port: int, address: str) -> float:
    _get(port, address)
    counts = [0] * CONNECTIONS
    until = time.perf_counter() + SECONDS
    asking = [threading.Thread(target=_ask, args=(port, address, until, counts, n)) for n in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _request(address: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _ask(port: int, address: str, until: float, counts: list[int], number: int) -> None:
    """Counts heads, not octets: the time stated in an answer makes its length vary. No body holds the mark."""
    several = _request(address) * PIPELINED
    with socket.create_connection(("127.0.0.1", port), timeout=30) as own:
        rest = b""
        while time.perf_counter() < until:
            own.sendall(several)
            heads = 0
            while heads < PIPELINED:
                received = own.recv(1 << 20)
                if not received:
                    raise RuntimeError(f"the server closed the connection while answering {address}")
                fresh = rest + received
                heads += fresh.count(HEAD)
                rest = fresh[1 - len(HEAD) :]
            counts[number] += PIPELINED


def _figure(bench: str, value: float, unit: str, limit: float | None, ratio: float | None, size: int) -> Figure:
    kept = None if ratio is None else round(ratio, 3)
    return {"bench": bench, "value": round(value, 2), "unit": unit, "limit": limit, "ratio": kept, "size": size}
