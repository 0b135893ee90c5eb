"""Writing to the journal: `record` is the last line of every act, in the act's transaction, one insert and no lock.

Refuses to be called outside a transaction, and to say anything about positions: the sealer gives those later.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from tradehall.crypto.merkle import leaf_hash
from tradehall.journal import keys, leaves
from tradehall.journal.inserting import insert
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref

RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Each tells which server process wrote: behind a pooler that is not the one this connection was told of (`inserting`).
INSERT_ENTRY = (
    f"insert into journal_entry ({', '.join(leaves.COLUMNS)}) values (%s, %s, %s, %s, %s, %s, %s)"
    " returning id, pg_backend_pid()"
)
INSERT_SECRET = """
with made as (
  insert into journal_secret (code, subject_kind, subject_no, subject_version, at, body, leaf, secret_until)
  values (%s, %s, %s, %s, %s, %s, %s, %s) returning id
), queued as (insert into journal_secret_queue (secret_id) select id from made)
insert into journal_receipt (receipt_no, secret_id) select %s, id from made returning secret_id, pg_backend_pid()
"""
INSERT_RECEIPT = """
insert into journal_receipt (receipt_no, entry_id) values (%s, %s) returning entry_id, pg_backend_pid()
"""


@dataclass(frozen=True)
class SecretRecord:
    """What the actor may take away at once: the number of his receipt and the leaf that will be in the log."""

    id: int
    receipt_no: str
    leaf_hash: bytes


def record(*, code: str, by: Actor, at: datetime, subject: Ref, facts: Mapping[str, object]) -> int:
    """Record an act; returns the entry's id."""
    row = entry_row(code=code, by=by, at=at, subject=subject, facts=facts)
    return insert(INSERT_ENTRY, tuple(row))


def entry_row(*, code: str, by: Actor, at: datetime, subject: Ref, facts: Mapping[str, object]) -> leaves.EntryRow:
    """The row `record` would insert, for acts over many records that COPY or INSERT … SELECT theirs."""
    return leaves.entry_row(code=code, by=by, at=at, subject=subject, facts=facts, salt=keys.commitment_salt())


def record_secret(
    *, code: str, by: Actor, at: datetime, subject: Ref, facts: Mapping[str, object], secret_until: datetime | None
) -> SecretRecord:
    """Record an act nobody may see happen: it reaches the public tree inside a sealed batch (None: until opened)."""
    body = leaves.entry_body(
        code=code, by=by, at=at, subject=subject, facts=facts, salt=keys.commitment_salt(), blind=secrets.token_hex(16)
    )
    leaf, receipt_no = leaf_hash(body.encode()), new_receipt_no()
    row = (code, subject.kind, subject.no, subject.version, at, body, leaf, secret_until, receipt_no)
    return SecretRecord(insert(INSERT_SECRET, row), receipt_no, leaf)


def give_receipt(entry_id: int) -> str:
    """A receipt number for a public entry."""
    receipt_no = new_receipt_no()
    insert(INSERT_RECEIPT, (receipt_no, entry_id))
    return receipt_no


def new_receipt_no() -> str:
    """Random (80 bits): a running number would count what must stay uncounted."""
    return "S" + "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(16))


def enable_movable_clock() -> None:
    """Give this database a clock that can be moved. Run as owner, on demo, test and rehearsal databases only."""
    with connection.cursor() as cursor:
        cursor.execute(MOVABLE_CLOCK)


def set_platform_clock(offset: timedelta) -> None:
    """Move the platform's time to the real time plus `offset`; fails on a production database, which has no table."""
    with connection.cursor() as cursor:
        cursor.execute("update platform_clock set ahead_by = make_interval(secs => %s)", (offset.total_seconds(),))


MOVABLE_CLOCK = """
create table if not exists platform_clock (
  id boolean primary key default true check (id), ahead_by interval not null default interval '0');
insert into platform_clock default values on conflict do nothing;
grant select, update on platform_clock to public;
create or replace function platform_now() returns timestamptz language sql volatile as
  'select clock_timestamp() + (select ahead_by from platform_clock)';
"""
