"""What is wrong with this instance, in words: each check returns the sentences of its complaints, none when it is well.

Plain SQL on plain connections, so that it can speak even when Django could not start.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg

from tradehall.config.house import archived, complaints, references
from tradehall.config.house.instance import Urls

LEAST_DISK_BYTES = 2 * 2**30
LEAST_VERSION = 150000
Check = Callable[[references.Database], Iterable[str]]
OWNED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_get_userbyid(c.relowner) = current_user
 order by 1 limit 3
"""


def too_old(db: references.Database) -> Iterable[str]:
    if db.info.server_version < LEAST_VERSION:
        yield f"PostgreSQL {db.info.server_version // 10000} is too old: 15 or newer is needed."


def owns_tables(db: references.Database) -> Iterable[str]:
    tables = ", ".join(str(name) for (name,) in db.execute(OWNED).fetchall())
    if tables:
        yield (
            f"The application's role {db.info.user} owns tables ({tables} …), so it could drop the triggers that keep "
            "records from being changed. Give it a role of its own: set DATABASE_URL and DATABASE_OWNER_URL apart."
        )


def wrong_locale(db: references.Database) -> Iterable[str]:
    if not db.execute("select 1 from pg_extension where extname = 'pg_trgm'").fetchone():
        yield "The extension pg_trgm is missing: search cannot work. Run `create extension pg_trgm` as the owner."
    elif db.execute("select cardinality(show_trgm('污水处理厂'))").fetchone() in ((0,), (None,)):
        yield (
            "The database's locale knows no Chinese letters (show_trgm is empty): search would find nothing. "
            "Create the database anew with LOCALE_PROVIDER builtin, or with LC_CTYPE C.UTF-8, and encoding UTF8."
        )


def moved_clock(kind: str) -> Check:
    def check(db: references.Database) -> Iterable[str]:
        row = db.execute("select to_regclass('platform_clock') is not null").fetchone()
        if kind == "production" and row == (True,):
            yield "This database was made as a demonstration: its clock can be moved. Production needs a new database."

    return check


def database(urls: Urls, kind: str, folder: Path) -> list[str]:
    checks: tuple[Check, ...] = (
        too_old,
        owns_tables,
        wrong_locale,
        moved_clock(kind),
        references.dangling,
        lambda db: references.missing_files(db, folder),
        lambda db: archived.complaints(db, folder, kind),
        *complaints.ALL,
    )
    try:
        with psycopg.connect(urls.app, connect_timeout=10, autocommit=True) as db:
            return [text for check in checks for text in check(db)]
    except psycopg.Error as error:
        return [f"The database does not answer: {str(error).strip()}"]


def disk(folder: Path) -> list[str]:
    free = shutil.disk_usage(folder).free
    if free < LEAST_DISK_BYTES:
        return [f"Only {free // 2**20} MB are free below {folder}; at least {LEAST_DISK_BYTES // 2**20} MB are needed."]
    return []
