"""Nothing is lost, nothing is doubled: every process of an instance dies in the middle of an import of the real notices.

Its own `tradehall up` on free ports, its own homes, the embedded database. It kills only what belongs to those homes.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.slow

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "announcements"
COMMAND = [sys.executable, "-m", "tradehall.config.cli"]
START_SECONDS = 180
IMPORT_SECONDS = 600
RECORDS = "select notice_no, version, digest_sha256, project_id from tenders_notice order by 1, 2"
UNPAIRED = """
select count(*) from tenders_notice t full join (select * from journal_entry where subject_kind = 'notice') e
    on e.subject_no = t.notice_no and e.subject_version = t.version
 where t.notice_no is null or e.subject_no is null
"""
AUDIT = """
import django, json
django.setup()
from tradehall.journal.audit import audit
found = audit()
print(json.dumps([found.entries, found.differences]))
"""


@dataclass(slots=True)
class Instance:
    home: Path
    port: int
    up: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def environment(self) -> dict[str, str]:
        """Production: no demonstration city beside the real notices. Nothing of the test run's own database."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRADEHALL_", "DJANGO_"))}
        return kept | {
            "TRADEHALL_HOME": str(self.home),
            "TRADEHALL_PORT": str(self.port),
            "TRADEHALL_KIND": "production",
        }

    def start(self) -> None:
        out = self.home / "up.out"
        with out.open("wb") as file:
            self.up = subprocess.Popen([*COMMAND, "up"], env=self.environment, stdout=file, stderr=file)
        deadline = time.monotonic() + START_SECONDS
        while f"{self.address}\n" not in out.read_text():
            assert self.up.poll() is None and time.monotonic() < deadline, f"it did not start:\n{out.read_text()}"
            time.sleep(0.2)

    def start_import(self, files: list[Path]) -> "subprocess.Popen[str]":
        return subprocess.Popen([*COMMAND, "import", *map(str, files)], env=self.environment, stdout=-1, text=True)

    def do_import(self, files: list[Path]) -> dict[str, int]:
        """What the last line says."""
        out, _ = self.start_import(files).communicate(timeout=IMPORT_SECONDS)
        line = re.fullmatch(r"imported (\d+), unchanged (\d+), refused (\d+)", out.splitlines()[-1])
        assert line, out
        return dict(zip(("imported", "unchanged", "refused"), map(int, line.groups()), strict=True))

    def url(self, key: str = "database_url") -> str:
        return str(json.loads((self.home / "run" / "instance.json").read_text())[key])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url()) as db:
            return db.execute(sql).fetchall()

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        env = self.environment | {"DATABASE_URL": self.url(), "DJANGO_SETTINGS_MODULE": "tradehall.config.settings"}
        return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, timeout=300)

    def kill_everything(self) -> int:
        """SIGKILL to all at once; waits until the last one is gone."""
        found = killed = self.processes()
        deadline = time.monotonic() + 30
        while found:
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert time.monotonic() < deadline, f"processes {found} of {self.home} cannot be killed"
            time.sleep(0.05)
            found = self.processes()
        return len(killed)

    def processes(self) -> set[int]:
        """All that have this home in their environment, and their children: PostgreSQL's overwrite theirs."""
        mark = f"TRADEHALL_HOME={self.home}".encode()
        parents, found = {}, set()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(folder.name)] = int(parent)
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found & parents.keys()


def test_killed_in_the_middle_of_an_import(files: list[Path], undisturbed: Instance, disturbed: Instance) -> None:
    """After kill -9 of everything, restart and re-import: exactly the records of an undisturbed run, and a sound log."""
    undisturbed.do_import(files)
    expected = undisturbed.query(RECORDS)
    assert len(expected) > 1000

    survived = _kill_during_import(disturbed, files, at_least=len(expected) // 3)
    disturbed.start()
    kept = disturbed.query(RECORDS)
    assert survived <= len(kept) < len(expected), "what was committed before the kill is there after it"

    again = disturbed.do_import(files)
    assert disturbed.query(RECORDS) == expected
    assert again["imported"] >= len(expected) - len(kept), "rows that enrich a notice of the same batch count, too"
    assert disturbed.do_import(files)["imported"] == 0
    assert disturbed.query(RECORDS) == expected
    _assert_log_is_sound(disturbed)
    _assert_proof_holds(disturbed, expected[0])
    _assert_proof_holds(disturbed, expected[-1])


def test_ctrl_c_leaves_no_process(undisturbed: Instance) -> None:
    assert len(undisturbed.processes()) > 5
    undisturbed.up.send_signal(signal.SIGINT)
    assert undisturbed.up.wait(60) == 0
    assert undisturbed.processes() == set()


def _kill_during_import(instance: Instance, files: list[Path], *, at_least: int) -> int:
    """Returns how many notices were committed when it was killed."""
    running = instance.start_import(files)
    deadline = time.monotonic() + IMPORT_SECONDS
    committed = 0
    while committed < at_least:
        assert running.poll() is None and time.monotonic() < deadline, f"the import ended at {committed} notices"
        ((committed,),) = instance.query("select count(*) from tenders_notice")
    assert instance.kill_everything() > 5
    assert running.wait(10) == -signal.SIGKILL
    assert instance.up.wait(10) == -signal.SIGKILL
    return committed


def _assert_log_is_sound(instance: Instance) -> None:
    """The sealer has a minute for what the import recorded; then the log is recomputed from its bodies."""
    deadline = time.monotonic() + 60
    unsealed = "select count(*) from journal_entry e where not exists (select from journal_seal where entry_id = e.id)"
    while instance.query(unsealed) != [(0,)]:
        assert time.monotonic() < deadline, f"not sealed after a minute: {instance.query(unsealed)}"
        time.sleep(0.5)
    ((recorded,),) = instance.query("select count(*) from journal_entry")
    done = instance.run("-c", AUDIT)
    assert done.returncode == 0, done.stderr
    audited, differences = json.loads(done.stdout)
    assert differences == []
    assert audited >= recorded, "the beat may have added a sealed batch meanwhile; nothing may be missing"
    assert instance.query(UNPAIRED) == [(0,)], "one entry for each version of each notice"
    told = instance.run("-m", "tradehall.config.cli", "doctor")
    assert told.stdout.strip().startswith("Nothing is archived") and told.stdout.count("\n") == 1, told.stdout


def _assert_proof_holds(instance: Instance, record: tuple[Any, ...]) -> None:
    """As a reader would: downloaded from the notice, checked offline; one changed digit is noticed."""
    notice_no, version, digest, _ = record
    with urllib.request.urlopen(f"{instance.address}n/{notice_no}/v/{version}/proof.json", timeout=30) as answer:
        proof = answer.read()
    assert digest.encode() in proof
    file = instance.home / "proof.json"
    file.write_bytes(proof)
    told = instance.run("-m", "tradehall.config.cli", "verify", str(file))
    assert told.returncode == 0 and told.stdout.splitlines()[-1] == "verified", told.stdout
    changed = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    file.write_bytes(proof.replace(digest.encode(), changed.encode()))
    told = instance.run("-m", "tradehall.config.cli", "verify", str(file))
    assert told.returncode == 1 and told.stdout.splitlines()[-1].startswith("NOT VERIFIED"), told.stdout


@pytest.fixture(scope="module")
def files() -> list[Path]:
    found = sorted(DATA.glob("*.jsonl.gz"))
    if not found:
        pytest.skip(f"NO REAL NOTICES FOUND in {DATA}: nothing was tested about a killed import")
    return found


@pytest.fixture(scope="module")
def undisturbed(files: list[Path]) -> Iterator[Instance]:
    with _instance() as instance:
        yield instance


@pytest.fixture
def disturbed(files: list[Path]) -> Iterator[Instance]:
    with _instance() as instance:
        yield instance


@contextlib.contextmanager
def _instance() -> Iterator[Instance]:
    home = Path(tempfile.mkdtemp(prefix="tradehall-soak-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as somebody else
    instance = Instance(home, _free_port())
    try:
        instance.start()
        yield instance
    finally:
        instance.kill_everything()
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    """A port that is free together with the one after it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            with contextlib.suppress(OSError):
                two.bind(("127.0.0.1", port + 1))
                return port
