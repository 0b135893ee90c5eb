"""An instance run in earnest by a test: production settings, an archive on another folder, real processes, real death."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tradehall.config.house.postgres import SUPERUSER, Postgres
from tradehall.config.house.roles import DATABASE

PATIENCE = 120.0
PASSPHRASE = "a passphrase of the drill"
COMMAND = [sys.executable, "-m", "tradehall.config.cli"]
SERIOUS = {
    "TRADEHALL_SITE_URL": "https://hall.test",
    "TRADEHALL_PROXIES": "127.0.0.1",
    "TRADEHALL_OCID_PREFIX": "ocds-abc123",
    "TRADEHALL_LOG_ORIGIN": "hall.test/log",
}


def free_port() -> int:
    """Two in a row, as pages and push need them."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        number: int = first.getsockname()[1]
        with contextlib.suppress(OSError):
            second.bind(("127.0.0.1", number + 1))
            return number
    return free_port()


@dataclass(slots=True)
class Operated:
    folder: Path
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    up: "subprocess.Popen[bytes] | None" = None
    sent: int = 0

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRADEHALL_", "DJANGO_"))}
        secret = self.folder / "passphrase"
        secret.write_text(PASSPHRASE)
        secret.chmod(0o600)
        own = {"TRADEHALL_HOME": str(self.home), "TRADEHALL_PORT": str(self.port)}
        kept_at = {"TRADEHALL_ARCHIVE": str(self.archive), "TRADEHALL_BACKUP_PASSPHRASE_FILE": str(secret)}
        return kept | own | kept_at | SERIOUS | self.more

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [*COMMAND, *words], env=self.environment(), capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, *words: str) -> None:
        out = self.folder / "up.out"
        with out.open("wb") as file:
            self.up = subprocess.Popen([*COMMAND, "up", *words], env=self.environment(), stdout=file, stderr=file)
        deadline = time.monotonic() + PATIENCE
        while f"http://{self.more.get('TRADEHALL_BIND', '127.0.0.1')}:{self.port}/\n" not in out.read_text():
            assert self.up.poll() is None and time.monotonic() < deadline, f"it did not start:\n{out.read_text()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """In order, as Ctrl-C does."""
        if self.up and self.up.poll() is None:
            self.up.send_signal(signal.SIGINT)
            assert self.up.wait(PATIENCE) == 0

    def kill(self) -> int:
        """SIGKILL to every process of this home at once; how many there were."""
        found = killed = self.processes()
        while found:
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
            found = self.processes()
        if self.up:
            self.up.wait(PATIENCE)
        return len(killed)

    def processes(self) -> set[int]:
        """All that have this home in their environment, and their children: PostgreSQL's overwrite theirs."""
        mark, parents, found = f"TRADEHALL_HOME={self.home}".encode(), {}, set()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                parents |= {int(folder.name): int(parent)} if state != "Z" else {}
                found |= {int(folder.name)} if mark in (folder / "environ").read_bytes().split(b"\0") else set()
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found & parents.keys()

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            content: bytes = answer.read()
        return content

    def post(self, path: str, body: dict[str, object], token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        headers["Idempotency-Key"] = f"{time.monotonic_ns()}"
        ask = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers, method="POST"
        )
        with urllib.request.urlopen(ask, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def eventually(self, path: str) -> bytes:
        """Once the sealer has been there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(urllib.error.HTTPError):
                return self.get(path)
            time.sleep(0.1)
        raise AssertionError(f"{path} never came")

    @contextlib.contextmanager
    def database(self) -> Iterator["psycopg.Connection[Any]"]:
        """Of a home that is not up."""
        server = Postgres(self.home / "db", self.folder / "looking.log")
        server.start()
        try:
            with psycopg.connect(server.url(SUPERUSER, DATABASE)) as db:
                yield db
        finally:
            server.stop()
