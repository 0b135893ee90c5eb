"""The write-ahead log of an archive: gathered without a hole, replayed up to a second, judged whether it ended in order."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tradehall.config.house.archive import Base, is_last
from tradehall.config.house.base_backup import SEGMENTS_A_FILE
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import BINARIES, tail

SEGMENT = re.compile(r"[0-9A-F]{24}")
UNFINISHED = ".partial"
LAST = re.compile(r"(?:last completed transaction was at log time|recovery stopping before commit.*?, time) (.+)")


def gather(base: Base, folder: Path) -> None:
    """Every segment from the backup's first one on, copied to where the server may read them."""
    folder.mkdir(mode=0o700)
    source = base.folder.parents[1] / "wal"
    for path in sorted(source.glob("*.history")):
        shutil.copyfile(path, folder / path.name)
    for path in sorted(source.iterdir()):
        name = path.name.removesuffix(UNFINISHED)
        if SEGMENT.fullmatch(name) and name >= base.first_segment and not (folder / name).exists():
            shutil.copyfile(path, folder / name)
    _refuse_hole([_number(path.name) for path in _segments(folder)], base)


def ended_in_order(base: Base, folder: Path) -> bool:
    """Does the log end with the record of an orderly end? Then nothing was committed, nor published, after it."""
    if not is_last(base):
        return False
    for path in reversed(_segments(folder)):
        command = [str(BINARIES / "pg_waldump"), str(path)]
        lines = subprocess.run(command, capture_output=True, text=True, timeout=600).stdout.splitlines()
        if lines:
            return "CHECKPOINT_SHUTDOWN" in lines[-1]
    return False


@contextlib.contextmanager
def asked(db: Path, at: datetime | None) -> Iterator[None]:
    """The server is told what to replay for one start; its own settings come back afterwards."""
    data, settings = db / "data", db / "data" / "postgresql.auto.conf"
    before = settings.read_text()
    lines = [f'restore_command = \'cp "{db / "replay"}/%f" "%p"\'', "hot_standby = off"]
    if at:
        moment = at.astimezone(UTC).isoformat(sep=" ")
        lines += [f"recovery_target_time = '{moment}'", "recovery_target_action = 'promote'"]
    settings.write_text(before + "\n".join(lines) + "\n")
    (data / "recovery.signal").touch()
    try:
        yield
    finally:
        settings.write_text(before)


def last_words(log: Path) -> str:
    """What the server said about the last act it replayed."""
    found = LAST.findall(tail(log, 200))
    return f"the last transaction before the end is of {found[-1]}" if found else ""


def _segments(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if SEGMENT.fullmatch(path.name))


def _number(name: str) -> int:
    return int(name[8:16], 16) * SEGMENTS_A_FILE + int(name[16:24], 16)


def _refuse_hole(numbers: list[int], base: Base) -> None:
    """A replay would end at a hole without a word."""
    if numbers and numbers[0] != _number(base.first_segment):  # none at all: the backup carries its own, and no more
        raise HouseError("The archive does not hold the log this backup begins with: restore from a later backup.")
    for before, after in zip(numbers, numbers[1:], strict=False):
        if after != before + 1:
            raise HouseError(
                f"The archive's log has a hole after segment {before:X}: nothing after it can be replayed. Restore from a "
                "backup that was taken later, or put the missing files back."
            )
