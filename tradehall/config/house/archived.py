"""What the doctor says of the archive: whether it is there, keeps up, and could be restored from today."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradehall.config.house import archive, references, sealed_keys

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


def _backups(root: Path, db: Path, now: datetime) -> Iterable[str]:
    name = (db / "incarnation").read_text().strip() if (db / "incarnation").exists() else ""
    mine = [base for base in archive.bases(root) if base.incarnation == name]
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
