"""docs/operating.md is true: every command in it is run, in its order, on an instance in production."""

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.test_operating_guide import blocks, environment
from tradehall.config.tests.operated import COMMAND, PASSPHRASE, Operated

pytestmark = pytest.mark.slow
WRITTEN_AT = "2026-09-18T10:24:05+08:00"


@pytest.fixture
def site() -> Iterator[Operated]:
    """The guide's own environment, in folders and on a port of the test."""
    folder = Path(tempfile.mkdtemp(prefix="tradehall-guide-"))
    folder.chmod(0o711)
    one = Operated(folder)
    own = {"TRADEHALL_HOME", "TRADEHALL_PORT", "TRADEHALL_ARCHIVE", "TRADEHALL_BACKUP_PASSPHRASE_FILE"}
    one.more = {name: value for name, value in environment().items() if name not in own}
    yield one
    one.kill()
    shutil.rmtree(folder, ignore_errors=True)


def test_every_command_of_the_guide_does_what_it_says(site: Operated) -> None:
    [up] = blocks("up")
    site.start(*shlex.split(up)[2:])
    told = {line: said(site, line) for line in blocks("run", "drill")}
    assert len(told) == 14
    for line, (code, text) in told.items():
        assert code == 0, f"{line}\n{text}"
        assert PASSPHRASE not in text
    last = {line: text.strip().splitlines()[-1] for line, (_, text) in told.items() if text.strip()}
    whole = [line for line in last if ("restore" in line or "audit" in line) and "--keys-only" not in line]
    assert [last[line] for line in whole] == ["everything holds"] * 3
    assert last["tradehall doctor"] == "nothing is wrong" and last["tradehall backup --keep 8"] == "backup is whole"
    assert all("archive has" in text for line, text in last.items() if "rotate" in line)


def said(site: Operated, line: str) -> tuple[int, str]:
    """Placed into the test's folders; the time is the moment before this command."""
    if WRITTEN_AT in line:
        time.sleep(11)  # something is committed every ten seconds: the log must reach past the second
        moment = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=10)
        line = line.replace(WRITTEN_AT, moment.isoformat())
    for written, own in (
        ("/mnt/archive/tradehall", str(site.archive)),
        ("/srv/drill", str(site.folder / "drill")),
        ("127.0.0.1:8000", f"127.0.0.1:{site.port}"),
    ):
        line = line.replace(written, own)
    program, *words = shlex.split(line)
    command = [*COMMAND, *words] if program == "tradehall" else [program, *words]
    done = subprocess.run(command, env=site.environment(), capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr
