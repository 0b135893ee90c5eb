"""Whole copies of the database while it works: `pg_basebackup` for our own cluster, a dump for somebody else's server.

A copy is finished when its backup.json is there. Removes only copies that newer ones stand for, and the log before
them; never anything of another incarnation.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tradehall.config.house import archive
from tradehall.config.house.archive import Archive, Base
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import BINARIES

SEGMENT_BYTES = 16 * 2**20
SEGMENTS_A_FILE = 2**32 // SEGMENT_BYTES
HOURS = 24 * 3600


def take(place: Archive, superuser_url: str) -> Base:
    """One more base backup, verified against its own manifest before it counts."""
    began = _now(superuser_url)
    folder = place.bases / f"{began:%Y%m%dT%H%M%SZ}"
    if (folder / "backup.json").exists():
        raise HouseError(f"A backup of this very second is there already: {folder}. Try again.")
    shutil.rmtree(folder, ignore_errors=True)
    _run(
        [
            "pg_basebackup", "-d", superuser_url, "-w", "-D", folder, "-F", "tar", "-z", "-X", "stream",
            "--checkpoint=fast", "--manifest-checksums=SHA256", "--label=tradehall",
        ]
    )  # fmt: skip
    verify(folder)
    base = Base(folder, began, _now(superuser_url), first_segment(folder), place.incarnation)
    archive.write_base(base)
    return base


def verify(folder: Path) -> None:
    """Every file against the digest that the server wrote down when it sent it."""
    _run(["pg_verifybackup", "--quiet", "--no-parse-wal", "--exit-on-error", "--ignore=backup.json", folder])


def first_segment(folder: Path) -> str:
    """The file of the log a recovery from this backup begins with."""
    ranges = json.loads((folder / "backup_manifest").read_text())["WAL-Ranges"]
    start = min(ranges, key=lambda part: _bytes(part["Start-LSN"]))
    number = _bytes(start["Start-LSN"]) // SEGMENT_BYTES
    return f"{start['Timeline']:08X}{number // SEGMENTS_A_FILE:08X}{number % SEGMENTS_A_FILE:08X}"


def prune(place: Archive, keep: int) -> list[str]:
    """All but the newest `keep` copies of this incarnation, and the log that only they needed; what was removed."""
    mine = [base for base in archive.bases(place.root) if base.incarnation == place.incarnation]
    old, kept = mine[:-keep], mine[-keep:]
    for base in old:
        (base.folder / "backup.json").unlink()
        shutil.rmtree(base.folder)
    if kept:
        _run(["pg_archivecleanup", place.wal, kept[0].first_segment])
    return [base.folder.name for base in old]


def dump(owner_url: str, folder: Path) -> Path:
    """Of another server: consistent, restorable, but of one moment only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    draft = path.with_suffix(".new")
    _run(["pg_dump", "--dbname", owner_url, "--format=custom", "--no-owner", "--file", draft])
    draft.replace(path)
    return path


def _bytes(lsn: str) -> int:
    high, _, low = lsn.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def _now(url: str) -> datetime:
    """The server's clock, which also stamps what is committed."""
    with psycopg.connect(url, connect_timeout=10) as db:
        row = db.execute("select clock_timestamp()").fetchone()
    moment: datetime = row[0] if row else datetime.now(UTC)
    return moment.astimezone(UTC)


def _run(command: Sequence[str | Path]) -> str:
    name, *words = command
    done = subprocess.run([str(BINARIES / name), *map(str, words)], capture_output=True, text=True, timeout=HOURS)
    if done.returncode:
        raise HouseError(f"{name} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
