"""Two hosts, one database and a standby, each host with an address of its own; one of each dies in the middle.

Nobody but those whose request was just being answered notices, nothing that was accepted is missing or there twice, and
the log goes on.
"""

import contextlib
import itertools
import json
import os
import shutil
import signal
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tradehall.config.house import roles
from tradehall.config.house.postgres import BINARIES, SUPERUSER, Postgres
from tradehall.config.tests.operated import Operated, free_port

DATA_SET = "WIN_RESULT_ANNO"
PAGES = ("/", "/notices", "/projects", "/notices.json", "/figures", "/log/checkpoint")
PATIENCE = 60.0
CALM = 4.0  # seconds of load between two deaths


@dataclass
class Host:
    """One machine: its own address and home; keys and files lie where all hosts find them."""

    address: str
    site: Operated

    def start(self) -> None:
        self.site.start("--production")

    def url(self, path: str) -> str:
        return f"http://{self.address}:{self.site.port}{path}"


@dataclass
class Load:
    """What a proxy in front does: the next host when one cannot be reached. Everything else counts as failed."""

    hosts: list[Host]
    token: str
    examples: list[dict[str, Any]]
    stop: threading.Event = field(default_factory=threading.Event)
    failed: list[str] = field(default_factory=list)
    asked: int = 0
    accepted: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    turn: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        first = next(self.turn)
        for number in range(2 * len(self.hosts)):
            host = self.hosts[(first + number) % len(self.hosts)]
            try:
                with urllib.request.urlopen(
                    urllib.request.Request(host.url(path), body, headers or {}), timeout=20
                ) as found:
                    self.asked += 1
                    content: bytes = found.read()
                    return content
            except urllib.error.HTTPError as error:
                self.failed.append(f"{path} at {host.address}: {error.code} {error.read()[:200]!r}")
                return b""
            except (OSError, HTTPException):
                continue  # dead, or died while answering: reading and repeated keys may be asked again
        self.failed.append(f"{path}: no host answered")
        return b""

    def read_pages(self) -> None:
        for path in itertools.cycle(PAGES):
            if self.stop.wait(0.02):
                return
            self.ask(path)

    def push(self) -> None:
        for number, record in enumerate(self.examples):
            if self.stop.wait(0.1):
                return
            body = json.dumps({"records": [record]}).encode()
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            answer = self.ask("/api/v1/exchange/records", body, headers | {"Idempotency-Key": f"k{number}"})
            if answer and json.loads(answer)["receipts"][0]["status"] in ("accepted", "unchanged"):
                self.accepted.append(record["data_key"])

    def follow(self) -> None:
        after = 0
        while not self.stop.wait(0.05):
            answer = self.ask(f"/api/v1/feed?after={after}&wait=0")
            if answer:
                found = json.loads(answer)
                self.positions += [item["position"] for item in found["items"]]
                after = found["next"]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="hosts-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def primary_and_standby(folder: Path) -> Iterator[tuple[Postgres, Postgres]]:
    primary = Postgres(folder / "primary", folder / "primary.log", more={"wal_level": "replica"})
    standby = Postgres(folder / "standby", folder / "standby.log", more={"hot_standby": "on"})
    try:
        primary.start()
        roles.create_roles_and_database(primary.url(SUPERUSER, "postgres"))
        roles.create_extensions(primary.url(SUPERUSER, roles.DATABASE))
        standby.home.mkdir()
        primary._give(standby.home)
        source = f"host={primary.socket_folder} user={SUPERUSER}"
        copied = primary._who.run(
            [BINARIES / "pg_basebackup", "-R", "-c", "fast", "-D", standby.home / "data", "-d", source]
        )
        assert copied.returncode == 0, copied.stderr
        standby.start()
        yield primary, standby
    finally:
        standby.stop()
        primary.stop()


def host(folder: Path, address: str, primary: Postgres, standby: Postgres, processes: str = "") -> Host:
    own = folder / address
    (own / "home").mkdir(parents=True)
    for shared in ("keys", "files"):
        (folder / shared).mkdir(exist_ok=True)
        (own / "home" / shared).symlink_to(folder / shared)
    more = {
        "DATABASE_URL": primary.url(roles.APP, roles.DATABASE),
        "DATABASE_OWNER_URL": primary.url(roles.OWNER, roles.DATABASE),
        "DATABASE_REPLICA_URL": standby.url(roles.APP, roles.DATABASE),
        "TRADEHALL_BIND": address,
        "TRADEHALL_PROCESSES": processes,
    }
    return Host(address, Operated(own, port=free_port(), more=more))


def kill(server: Postgres) -> None:
    """As a machine that loses its power."""
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)


def by_standby(standby: Postgres) -> int:
    """Connections of the application that the standby has."""
    with psycopg.connect(standby.url(SUPERUSER, "postgres")) as db:
        row = db.execute("select count(*) from pg_stat_activity where usename = %s", (roles.APP,)).fetchone()
    return int(row[0]) if row else 0


def until(what: str, holds: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def test_hosts_and_a_standby_die_and_nobody_notices(folder: Path) -> None:
    with primary_and_standby(folder) as (primary, standby):
        one = host(folder, "127.0.0.2", primary, standby)
        other = host(folder, "127.0.0.3", primary, standby, "web,push,worker,sealer,follower,courier")
        try:
            one.start()
            other.start()
            token = one.site.run("system", "add", "XT1", "--name", "系统", "--line", "works").splitlines()[0]
            address = one.url(f"/api/v1/exchange/data-sets/{DATA_SET}/example.json?n=400&seed=7")
            examples = json.loads(urllib.request.urlopen(address, timeout=30).read())["records"]
            load = Load([one, other], token, examples)
            work = [threading.Thread(target=task) for task in (load.read_pages, load.push, load.follow)]
            for thread in work:
                thread.start()
            time.sleep(CALM)
            assert by_standby(standby) > 0, "public pages are built by the standby"
            with psycopg.connect(standby.url(SUPERUSER, "postgres"), autocommit=True) as db:
                db.execute("select pg_wal_replay_pause()")
            seen_after_writing(load)
            until("it is told that the standby is behind", lambda: behind_bytes(one) > 0)
            with psycopg.connect(standby.url(SUPERUSER, "postgres"), autocommit=True) as db:
                db.execute("select pg_wal_replay_resume()")
            until("the standby has caught up", lambda: behind_bytes(one) < 2**20)
            kill(standby)
            time.sleep(CALM)
            before = load.ask("/log/checkpoint").split(b"\n")[1]
            one.site.kill()  # with the sealer, the worker and half of the pages
            time.sleep(CALM)
            until("the other host seals", lambda: int(load.ask("/log/checkpoint").split(b"\n")[1]) > int(before))
            load.stop.set()
            for thread in work:
                thread.join(PATIENCE)
            assert load.failed == []
            assert load.asked > 200 and len(load.accepted) > 20
            everything_once(load)
            assert b"everything holds" in other.site.run("audit").encode()
        finally:
            one.site.kill()
            other.site.kill()


def behind_bytes(host: Host) -> float:
    """What the metrics say of the standby."""
    text = urllib.request.urlopen(host.url("/metrics"), timeout=30).read().decode()
    found = dict(line.split(" ") for line in text.splitlines())
    assert found['tradehall_measured{part="replica"}'] == "1" and "tradehall_replica_lag_s" in found, text
    return float(found["tradehall_replica_behind_bytes"])


def seen_after_writing(load: Load) -> None:
    """The standby stands still: what has been accepted is on the window all the same."""
    known = len(load.accepted)
    until("more was accepted", lambda: len(load.accepted) > known + 3)
    wanted = known + 3
    until("the window shows it", lambda: json.loads(load.ask("/notices.json"))["total"] >= wanted)


def everything_once(load: Load) -> None:
    items = json.loads(load.ask("/api/v1/feed?after=0&wait=0"))["items"]
    assert load.positions == sorted(set(load.positions)), "the feed of two hosts went back or repeated itself"
    notices = [item["no"] for item in items if item["href"].startswith("/n/")]
    assert len(notices) == len(set(notices)) == len(set(load.accepted))


def test_a_host_with_other_keys_is_refused(folder: Path) -> None:
    with primary_and_standby(folder) as (primary, standby):
        one = host(folder, "127.0.0.2", primary, standby)
        stranger = host(folder, "127.0.0.4", primary, standby, "web")
        try:
            one.start()
            one.site.run("system", "add", "XT1", "--name", "系统", "--line", "works")
            (stranger.site.home / "keys").unlink()
            assert "has none of its keys" in stranger.site.run("up", "--production", code=1)
            (stranger.site.home / "keys" / "journal.salt").write_bytes(bytes(32))
            (stranger.site.home / "keys" / "journal.salt").chmod(0o600)
            assert "belong to another log" in stranger.site.run("up", "--production", code=1)
        finally:
            one.site.kill()
            stranger.site.kill()
