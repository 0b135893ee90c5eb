"""`tradehall backup --to DIR`: whole copy of the database, documents that are not there yet, keys sealed.

Another server's database is dumped: of one moment only, and said so.
"""

import argparse
import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tradehall.config.house import archive, base_backup, instance, sealed_keys
from tradehall.config.house.archive import Archive
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import SUPERUSER
from tradehall.documents import copies
from tradehall.kernel.times import rfc3339


def run(arguments: argparse.Namespace) -> int:
    home = instance.home()
    streamed = archive.configured(home / "db")
    root = Path(arguments.to).resolve() if arguments.to else streamed
    if root is None:
        raise HouseError("Say where to: --to DIR, or TRADEHALL_ARCHIVE.")
    passphrase = _passphrase(arguments.without_keys)
    if arguments.keep is not None and arguments.keep < 1:
        raise HouseError("--keep needs 1 at least: the newest backup is never removed.")
    place = Archive.of(root, home / "db")
    _documents(place)  # first: a document is always older than the row that names it
    _database(place, streamed, arguments.keep)
    faults = _documents(place)
    _keys(place, home / "keys", passphrase)
    print("NOT WHOLE: " + faults[0] if faults else "backup is whole")
    return 1 if faults else 0


def _passphrase(without: bool) -> str | None:
    given = os.environ.get("TRADEHALL_BACKUP_PASSPHRASE") or ""
    if without:
        return None
    if len(given) < sealed_keys.LEAST_PASSPHRASE:
        raise HouseError(
            f"The keys are sealed with a passphrase of {sealed_keys.LEAST_PASSPHRASE} characters or more: set "
            "TRADEHALL_BACKUP_PASSPHRASE_FILE, or say --without-keys and keep HOME/keys safe yourself."
        )
    return given


def _database(place: Archive, streamed: Path | None, keep: int | None) -> None:
    host = _embedded_host(instance.home())
    if host is None:
        path = base_backup.dump(os.environ["DATABASE_OWNER_URL"], place.root / "dump")
        print(f"database of another server dumped to {path}: of this moment only.")
        print("Its own administrator must back that server up, with its log, for any other moment.")
        return
    base = base_backup.take(place, f"postgresql://{SUPERUSER}@/postgres?host={host}")
    print(f"database copied and verified, ended {rfc3339(base.ended_at)}: {base.folder}")
    if streamed != place.root:
        print("TRADEHALL_ARCHIVE is not this folder: only this very moment can be restored from here.")
    for name in base_backup.prune(place, keep) if keep else []:
        print(f"removed: {name}")


def _documents(place: Archive) -> list[str]:
    found = copies.copy_missing(place.files)
    print(f"documents: {found.copied} copied, {found.there} were there")
    for fault in found.faults:
        print(f"wrong: {fault}")
    return found.faults


def _keys(place: Archive, keys: Path, passphrase: str | None) -> None:
    if passphrase is None:
        print("keys: left out, as asked; without them nothing sealed can be read again")
        return
    written = sealed_keys.keep(place.keys, keys, passphrase)
    print(f"keys: sealed as {written.name}" if written else "keys: sealed before, unchanged since")


def _embedded_host(home: Path) -> str | None:
    """The socket's folder, if the database of this command is the cluster below this home."""
    host = str(conninfo_to_dict(os.environ["DATABASE_URL"]).get("host") or "")
    try:
        lines = (home / "db" / "data" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    return host if host in lines[4:5] else None
