"""What the doctor and the metrics say of the archive: is it there, does it keep up, could it be restored from today."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradehall.config.house import archive, references, replay, sealed_keys

OLDEST_BACKUP = timedelta(days=8)
MOST_BEHIND_BYTES = 64 * 2**20
SLOT = f"""
select active, wal_status::text, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint
  from pg_replication_slots where slot_name = '{archive.SLOT}'
"""


def complaints(db: references.Database, folder: Path, kind: str, now: datetime | None = None) -> Iterable[str]:
    root = archive.place(folder / "db")
    if root is None:
        if kind == "production":
            yield (
                "Nothing is archived: a disk that breaks takes every act since the last backup with it. Set "
                "TRADEHALL_ARCHIVE to a folder on another disk."
            )
    elif not root.is_dir():
        yield f"The archive {root} is not there: mount it, or set TRADEHALL_ARCHIVE to where it is."
    else:
        yield from _backups(root, folder / "db", now or datetime.now(UTC))
        if (folder / "db" / "data").exists():
            yield from _stream(db)


def figures(root: Path, db: Path, now: datetime) -> dict[str, float]:
    """Ages in seconds; of what there is none yet there is no age. Raises OSError when the archive is not there.

    `written`: anything of the log came; `segment`: a whole file of it was finished, which takes hours in a quiet hall.
    """
    next(root.iterdir(), None)
    name = _incarnation(db)
    wal = [path for path in (root / name / "wal").glob("*") if replay.SEGMENT.match(path.name)] if name else []
    times = {path.name: path.stat().st_mtime for path in wal}
    whole = [at for found, at in times.items() if replay.SEGMENT.fullmatch(found)]
    copies = [base.ended_at.timestamp() for base in _mine(root, name)]
    copies += [path.stat().st_mtime for path in root.glob("dump/*.dump")]
    found = {"segment": whole, "written": list(times.values()), "base": copies}
    ages = {f"{what}_age_s": max(0.0, now.timestamp() - max(moments)) for what, moments in found.items() if moments}
    return {"bases": float(len(copies)), **ages}


def _incarnation(db: Path) -> str:
    return (db / "incarnation").read_text().strip() if (db / "incarnation").exists() else ""


def _mine(root: Path, name: str) -> list[archive.Base]:
    return [base for base in archive.bases(root) if base.incarnation == name]


def _backups(root: Path, db: Path, now: datetime) -> Iterable[str]:
    mine = _mine(root, _incarnation(db))
    if not mine:
        yield f"The archive {root} has no backup of this database yet, so its log cannot be replayed: run `tradehall backup`."
    elif mine[-1].ended_at < now - OLDEST_BACKUP:
        yield f"The newest backup is of {mine[-1].ended_at:%Y-%m-%d}: a restore would replay everything since. Run `tradehall backup`."
    if sealed_keys.newest(root) is None:
        yield (
            f"The archive {root} has no keys: without them proofs cannot be continued and sealed values not be read. Set "
            "TRADEHALL_BACKUP_PASSPHRASE_FILE, or keep a copy of HOME/keys elsewhere."
        )


def _stream(db: references.Database) -> Iterable[str]:
    row = db.execute(SLOT).fetchone()
    if row is None or not row[0]:
        yield "Nobody receives the log for the archive: is `tradehall up` running, and can it write there (log/postgres.log)?"
    elif row[1] == "lost":
        yield (
            "The archive was away so long that the log it misses is gone: set TRADEHALL_ARCHIVE=off for one start, then to "
            "the folder again, and run `tradehall backup`."
        )
    elif int(str(row[2])) > MOST_BEHIND_BYTES:
        yield f"The archive is {int(str(row[2])) // 2**20} MB of log behind."
