"""The two database roles: an owner that migrates, and an application that owns nothing.

Everything here is idempotent SQL run as superuser (embedded server only) or as the owner. It refuses to widen a right
that a migration took away: append-only tables never give UPDATE, DELETE or TRUNCATE to the application.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

OWNER, APP, DATABASE = "tradehall_owner", "tradehall_app", "tradehall"
EXTENSIONS = ("pg_trgm", "btree_gist", "btree_gin", "pg_prewarm")  # the last one needs a superuser
SEALED_TABLES = """
    select c.oid::regclass::text, (select quote_ident(a.attname) from pg_attribute a join pg_index i
                on i.indrelid = c.oid and i.indisprimary and a.attnum = i.indkey[0] where a.attrelid = c.oid)
      from pg_trigger t
      join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
     where not t.tgisinternal and p.proname = 'refuse_change' and c.relnamespace = 'public'::regnamespace group by c.oid
"""
OWN_FUNCTIONS = """
    select oid::regprocedure::text from pg_proc
     where pronamespace = 'public'::regnamespace and prokind = 'f' and pg_get_userbyid(proowner) = current_user
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Timeouts of one kind of process in milliseconds; 0 = none."""

    statement: int = 0
    idle_in_transaction: int = 0
    transaction: int = 0

    def options(self, server_version: int) -> str:
        """As libpq `options`. `transaction_timeout` came with PostgreSQL 17; an older server would refuse to connect."""
        values = {
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle_in_transaction,
            "transaction_timeout": self.transaction if server_version >= 170000 else 0,
        }
        return " ".join(f"-c {name}={value}" for name, value in values.items() if value)


# A writer that has recorded and then sits still holds up the sealer, so nobody may sit for long.
LIMITS = {
    "web": Limits(statement=10_000, idle_in_transaction=5_000, transaction=30_000),
    "push": Limits(statement=10_000, idle_in_transaction=5_000, transaction=30_000),
    "worker": Limits(idle_in_transaction=30_000, transaction=300_000),
    "sealer": Limits(idle_in_transaction=30_000),
    "follower": Limits(idle_in_transaction=300_000),
    "courier": Limits(statement=10_000, idle_in_transaction=30_000),
    "national": Limits(statement=60_000, idle_in_transaction=120_000),
    "messenger": Limits(statement=60_000, idle_in_transaction=60_000),
    "command": Limits(idle_in_transaction=300_000),
}


def create_roles_and_database(superuser_url: str) -> None:
    """On the embedded server, each start: two roles, the database, the extensions."""
    with psycopg.connect(superuser_url, autocommit=True) as db:
        for role, more in ((OWNER, "createdb"), (APP, "")):
            if not db.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                db.execute(sql.SQL("create role {} login {}").format(sql.Identifier(role), sql.SQL(more)))
        if not db.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            db.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def create_extensions(superuser_url: str) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as db:
        for name in EXTENSIONS:
            db.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))


def grant_to_application(owner_url: str, app_user: str) -> None:
    """After each migrate: what the application may do, and what no one may do to an append-only table."""
    app = sql.Identifier(app_user)
    with psycopg.connect(owner_url) as db:
        if db.execute("select current_user").fetchone() == (app_user,):
            return
        for text in (
            "grant usage on schema public to {}",
            "grant select, insert, update, delete on all tables in schema public to {}",
            "grant usage, select on all sequences in schema public to {}",
            "alter default privileges in schema public grant select, insert, update, delete on tables to {}",
            "alter default privileges in schema public grant usage, select on sequences to {}",
            "alter default privileges in schema public grant execute on functions to {}",
        ):
            db.execute(sql.SQL(text).format(app))
        for (function,) in db.execute(OWN_FUNCTIONS).fetchall():
            db.execute(f"grant execute on function {function} to {app.as_string(db)}")
        for table, key in db.execute(SEALED_TABLES).fetchall():
            db.execute(f"revoke update, delete, truncate on {table} from {app.as_string(db)}")
            if key:  # `select … for update` asks for this right; the table's trigger still refuses the update itself
                db.execute(f"grant update ({key}) on {table} to {app.as_string(db)}")


def server_version(url: str) -> int:
    with psycopg.connect(url, connect_timeout=10) as db:
        return db.info.server_version
