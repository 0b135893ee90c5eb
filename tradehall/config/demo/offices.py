"""The registry office of the demonstration: the peer that plays the authoritative source, told what the city is.

It runs while the city is being built, and beside a running demonstration (`tradehall demo --peers`). A demonstration finds
it by a file in TRADEHALL_HOME/run, unless TRADEHALL_AUTHORITY_URL names another source. It ends with whoever started it.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from tradehall.config.house.supervisor import is_taken

PROGRAM = Path("tests", "peers", "authority", "server.py")
NAME = "市场主体登记库（演示）"
SECONDS = 10.0


def remember(facts: Mapping[str, object]) -> None:
    """What it will say, now and after every later start: the dates are those of the day the city was built."""
    path = _facts()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False))


def start(lives_with: int) -> str | None:
    """Its address; None without the source tree, where the program is. One that still answers is left alone."""
    address = settings.AUTHORITY_FILE.read_text().strip() if settings.AUTHORITY_FILE.exists() else ""
    if address and is_taken(urlsplit(address).port or 0):
        return address
    process = _launch(lives_with)
    return None if process is None else _announced(process)


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """For as long as this lasts. Without the program the comparisons find nobody, and say so."""
    process = _launch(os.getpid())
    try:
        if process is not None:
            _announced(process)
        yield
    finally:
        settings.AUTHORITY_FILE.unlink(missing_ok=True)
        if process is not None:
            process.terminate()
            process.wait(SECONDS)


def _launch(lives_with: int) -> "subprocess.Popen[str] | None":
    program = settings.ROOT / PROGRAM
    if not program.is_file():
        return None
    known = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    words = ["--lives-with", str(lives_with)] + (["--facts", str(_facts())] if _facts().exists() else [])
    return subprocess.Popen(
        [sys.executable, str(program), *words], env=known, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip


def _announced(process: "subprocess.Popen[str]") -> str | None:
    """It says where it listens in its first line."""
    assert process.stdout is not None
    with process.stdout as out:
        address = out.readline().strip()
    if not address:
        return None
    settings.AUTHORITY_FILE.parent.mkdir(parents=True, exist_ok=True)
    settings.AUTHORITY_FILE.write_text(address + "\n")
    return address


def _facts() -> Path:
    folder: Path = settings.HOME / "demo"
    return folder / "authority.json"
