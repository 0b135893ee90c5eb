"""A home from an archive, as it was at a chosen second: base copy, log replayed up to there, documents, keys.

Plain files and SQL, before Django can start. Refuses a home that holds anything, a log with a hole in it, and a second
that the archive does not reach; never writes into the archive. Proving the result is `tradehall audit`.
"""

import json
import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from tradehall.config.house import archive, base_backup, replay, sealed_keys
from tradehall.config.house.archive import Base
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import SUPERUSER, NoDatabase, Postgres, RunAs, run_as, tail
from tradehall.config.house.roles import DATABASE
from tradehall.kernel.times import rfc3339

LONGEST_SECONDS = 48 * 3600.0
RESTORED = Path("run", "restored.json")  # while it is there, the audit has not come to its end
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `at` None: everything the archive has. `keys`: a folder, where none were sealed."""

    source: Path
    home: Path
    at: datetime | None = None
    incarnation: str | None = None
    passphrase: str | None = None
    keys: Path | None = None


def restore(wish: Wish, say: Say) -> Path:
    """Rebuilds `wish.home`; returns the file that tells the audit what was done."""
    _refuse_occupied(wish.home)
    base = choose(wish)
    say(f"from the backup that ended {rfc3339(base.ended_at)} (incarnation {base.incarnation})")
    base_backup.verify(base.folder)
    say("the backup's files are what its manifest says")
    for name in ("run", "log", "files", "db"):
        (wish.home / name).mkdir(parents=True, exist_ok=True)
    _put_keys(wish, say)
    db = wish.home / "db"
    who = run_as(db)
    _unpack(base.folder, db, who)
    log = db / "replay"
    replay.gather(base, log)
    _give(log, who)
    continues = wish.at is None and replay.ended_in_order(base, log)
    _replay(wish, say)
    shutil.rmtree(log)
    archive.name_incarnation(db)
    _put_documents(wish, say)
    return _tell(wish, base, continues)


def restore_keys(wish: Wish, say: Say) -> None:
    """Nothing but the keys, into a folder that has none."""
    keys = wish.home / "keys"
    if keys.exists() and any(keys.iterdir()):
        raise HouseError(f"{keys} holds keys already: unseal into an empty folder, and copy what is missing by hand.")
    _put_keys(wish, say)


def choose(wish: Wish) -> Base:
    """The newest backup that was finished by then, of the newest incarnation that has one (or the one asked for)."""
    found = archive.bases(wish.source)
    if wish.incarnation:
        found = [base for base in found if base.incarnation == wish.incarnation]
    if not found:
        raise HouseError(f"{wish.source} holds no finished backup{_of(wish)}: nothing was restored.{_dumps(wish)}")
    fitting = [base for base in found if wish.at is None or base.ended_at <= wish.at]
    if not fitting:
        raise HouseError(
            f"The oldest backup{_of(wish)} ended {rfc3339(found[0].ended_at)}; nothing earlier can be restored."
        )
    return max(fitting, key=lambda base: (base.incarnation, base.ended_at))


def _dumps(wish: Wish) -> str:
    found = sorted(wish.source.glob("dump/*.dump"))
    if not found:
        return ""
    return (
        f" It holds dumps of another server's database: `pg_restore --dbname … --role OWNER {found[-1]}` into an empty database "
        "there, `tradehall restore --keys-only`, copy files/ into the home, then `tradehall audit`."
    )


def _of(wish: Wish) -> str:
    return f" of incarnation {wish.incarnation}" if wish.incarnation else ""


def _refuse_occupied(home: Path) -> None:
    held = [name for name in ("db", "files", "keys") if (home / name).exists() and any((home / name).iterdir())]
    if held:
        raise HouseError(
            f"{home} holds an instance already ({', '.join(held)}). Restore into an empty folder, or move this one away."
        )


def _put_keys(wish: Wish, say: Say) -> None:
    keys = wish.home / "keys"
    if wish.keys:
        shutil.copytree(wish.keys, keys, dirs_exist_ok=True)
        say(f"keys copied from {wish.keys}")
    else:
        _unseal_keys(wish, keys, say)
    keys.chmod(0o700)
    for path in keys.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _unseal_keys(wish: Wish, keys: Path, say: Say) -> None:
    sealed = sealed_keys.newest(wish.source)
    if sealed is None:
        raise HouseError("This archive holds no keys (they were left out): give the folder that has them with --keys.")
    if not wish.passphrase:
        raise HouseError("The keys are sealed: set TRADEHALL_BACKUP_PASSPHRASE_FILE, or give a folder with --keys.")
    try:
        count = sealed_keys.unpack(sealed_keys.unseal(sealed.read_bytes(), wish.passphrase), keys)
    except ValueError as error:
        raise HouseError(f"{error} ({sealed})") from error
    say(f"{count} keys unsealed from {sealed.name}")


def _unpack(source: Path, db: Path, who: RunAs) -> None:
    """What is unpacked was verified before, so its modes and links are taken as they are."""
    data = db / "data"
    data.mkdir(mode=0o700)
    for name, place in (("base.tar.gz", data), ("pg_wal.tar.gz", data / "pg_wal")):
        with tarfile.open(source / name) as tar:
            tar.extractall(place, filter="fully_trusted")
    _give(data, who)


def _give(folder: Path, who: RunAs) -> None:
    uid, gid = (os.geteuid(), os.getegid()) if who.uid is None else (who.uid, who.gid)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, -1 if gid is None else gid, follow_symlinks=False)


def _replay(wish: Wish, say: Say) -> None:
    db, log = wish.home / "db", wish.home / "log" / "postgres.log"
    server = Postgres(db, log, patience=LONGEST_SECONDS, retry=0.0)
    with replay.asked(db, wish.at):
        try:
            server.start()
        except NoDatabase as error:
            raise HouseError(_why(log, wish.at)) from error
        finally:
            server.stop()
    say(replay.last_words(log) or "the log was replayed to its end")


def _why(log: Path, at: datetime | None) -> str:
    last = replay.last_words(log)
    if at and "before configured recovery target" in tail(log, 200):
        return (
            f"The archive does not reach {rfc3339(at)}: {last or 'it ends earlier'}. Choose an earlier second, or leave "
            "--at out to get everything it has. The home that was begun must be removed first."
        )
    return f"The log could not be replayed. PostgreSQL's log ({log}) ends:\n{tail(log)}"


def _put_documents(wish: Wish, say: Say) -> None:
    """Only those the restored tables name; whether they are whole is for the audit to say."""
    server, wanted, missing = Postgres(wish.home / "db", wish.home / "log" / "postgres.log"), 0, 0
    try:
        server.start()
        with psycopg.connect(server.url(SUPERUSER, DATABASE)) as db, db.cursor("files") as cursor:
            for (sha256,) in cursor.execute("select sha256 from documents_file"):
                wanted += 1
                missing += not _put_document(wish, str(sha256))
    finally:
        server.stop()
    say(f"{wanted} documents copied" + (f", {missing} are not in the archive" if missing else ""))


def _put_document(wish: Wish, sha256: str) -> bool:
    part = Path(sha256[:2], sha256[2:4], sha256)
    source, target = wish.source / "files" / part, wish.home / "files" / part
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return source.is_file()


def _tell(wish: Wish, base: Base, continues: bool) -> Path:
    told = {
        "continues": continues,
        "to": wish.at.isoformat() if wish.at else None,
        "backup": base.ended_at.isoformat(),
        "incarnation": base.incarnation,
    }
    path = wish.home / RESTORED
    path.write_text(json.dumps(told))
    return path
