"""`tradehall up` as an operator meets it: healthy, alone, gone after Ctrl-C, back after a crash. On the embedded database."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.slow
PATIENCE = 120


def tradehall(home: Path, port: int, *words: str) -> "subprocess.Popen[str]":
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRADEHALL_", "DJANGO_"))}
    env |= {"TRADEHALL_HOME": str(home), "TRADEHALL_PORT": str(port), "TRADEHALL_KIND": "production"}
    command = [sys.executable, "-m", "tradehall.config.cli", *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: "subprocess.Popen[str]") -> str:
    return "".join(process.communicate(timeout=PATIENCE))


def start(home: Path, port: int) -> "subprocess.Popen[str]":
    up = tradehall(home, port, "up")
    assert up.stdout is not None
    line = up.stdout.readline().strip()
    assert line == f"http://127.0.0.1:{port}/", said(up)
    return up


def family(pid: int) -> set[int]:
    """The process and everything it started, by /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            parents[int(stat.parent.name)] = (int(fields[1]), fields[0])
    found = {pid}
    while more := {child for child, (parent, _) in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    living = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            living |= {pid} if state not in "ZX" else set()
    return living


@dataclass
class Site:
    home: Path
    port: int
    up: "subprocess.Popen[str]"

    def state(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.home / "run" / "instance.json").read_text())
        return found

    def run(self, *words: str) -> tuple[int, str]:
        process = tradehall(self.home, self.port, *words)
        text = said(process).strip()
        return process.returncode, text


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One instance for the whole story, in a folder that PostgreSQL's own user may enter when we are root."""
    folder = Path(tempfile.mkdtemp(prefix="tradehall-up-"))
    folder.chmod(0o711)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    one = Site(folder / "home", port, start(folder / "home", port))
    yield one
    if one.up.poll() is None:
        one.up.send_signal(signal.SIGINT)
        one.up.wait(PATIENCE)
    shutil.rmtree(folder, ignore_errors=True)


def test_healthy_and_alone(site: Site) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/healthz") as answer:
        report = json.load(answer)
    assert report["status"] == "ok"
    assert report["sealer"]["position"] is not None
    code, text = site.run("up")
    assert (code, "already up here" in text) == (1, True)
    code, text = site.run("doctor")
    assert (code, len(text.splitlines())) == (1, 1) and "Nothing is archived" in text, "the one thing left to say"


def test_the_application_owns_nothing_and_cannot_change_the_log(site: Site) -> None:
    with psycopg.connect(site.state()["database_url"], autocommit=True) as db:
        owned = "select count(*) from pg_class where pg_get_userbyid(relowner) = current_user"
        assert db.execute(owned).fetchone() == (0,)
        for text in ("update journal_entry set body = ''", "delete from tenders_notice", "truncate journal_entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(text)
        db.execute("select 1 from parties_standing for update")  # a lock is no change
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("alter table journal_entry disable trigger all")


def test_a_production_database_has_no_clock_to_move(site: Site) -> None:
    with psycopg.connect(site.state()["database_url"]) as db:
        assert db.execute("select to_regclass('platform_clock')").fetchone() == (None,)
        offset = db.execute("select abs(extract(epoch from platform_now() - clock_timestamp())) < 1").fetchone()
        assert offset == (True,)
    code, text = site.run("demo", "clock", "--advance", "1d")
    assert (code, "not created as a demonstration" in text) == (1, True)


def test_after_kill_9_of_everything_nothing_is_lost(site: Site) -> None:
    add = ("system", "add", "XT1", "--name", "系统", "--line", "works")
    code, text = site.run(*add)
    assert (code, len(text.splitlines()[0])) == (0, 43)
    for pid in family(site.up.pid):
        os.kill(pid, signal.SIGKILL)
    site.up.wait(PATIENCE)
    site.up = start(site.home, site.port)
    code, text = site.run(*add)
    assert (code, "已登记" in text) == (1, True)


def test_ctrl_c_ends_every_process(site: Site) -> None:
    everyone = family(site.up.pid)
    assert len(everyone) > 6
    site.up.send_signal(signal.SIGINT)
    assert site.up.wait(PATIENCE) == 0
    assert alive(everyone) == set()
