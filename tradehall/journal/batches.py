"""Sealed batches: every ten seconds sixty-four leaves go into the log, whether or not anything secret happened.

Refuses to hurry: what does not fit waits for the next beat, because a second batch would be a signal.
"""

import struct

from django.db import connection, transaction

from tradehall.crypto import sealed_batch
from tradehall.journal import keys, leaves
from tradehall.journal.appending import Connection
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.ref import Ref

BEAT_SECONDS = 10
CODE = "journal.seal_batch"

BEAT = f"select floor(extract(epoch from clock_timestamp()) / {BEAT_SECONDS})::bigint, last_beat from sealer_state"
WAITING = """
select q.secret_id, s.leaf from journal_secret_queue q join journal_secret s on s.id = q.secret_id
order by q.secret_id limit 64
"""
WRITE = f"""
with made as (
  insert into journal_entry ({", ".join(leaves.COLUMNS)}) values (%s, %s, %s, %s, %s, %s, %s) returning id
)
insert into journal_batch (no, root, leaves, entry_id) select %s, %s, %s, id from made
"""
PLACE = """
insert into journal_batch_place (secret_id, batch_id, slot)
select p.id, %s, p.slot from unnest(%s::int8[], %s::int2[]) p(id, slot)
"""


def keep_beat(own: Connection) -> None:
    """Write the batch of this beat unless it is written; beats missed while the sealer was down stay missed."""
    row = own.execute(BEAT).fetchone()
    if row and row[0] > row[1]:
        with own.transaction():
            own.execute("update sealer_state set last_beat = %s where id = 1", (row[0],))
            write_batch(own)


def write_batch_now() -> None:
    """One batch outside the beat, for tests of what comes after it; the running platform never calls this."""
    with transaction.atomic():
        connection.ensure_connection()
        write_batch(connection.connection)


def write_batch(own: Connection) -> None:
    """Move up to sixty-four waiting secrets into a batch, inside the caller's transaction."""
    waiting = own.execute(WAITING).fetchall()
    batch = sealed_batch.seal([row[1] for row in waiting])
    [(no, at)] = own.execute("select coalesce(max(no), 0) + 1, platform_now() from journal_batch").fetchall()
    entry = leaves.entry_row(
        code=CODE,
        by=PLATFORM,
        at=at,
        subject=Ref("batch", f"{no:010d}"),
        facts={"leaves": sealed_batch.SIZE, "root": batch.root.hex()},
        salt=keys.commitment_salt(),
    )
    own.execute(WRITE, (*entry, no, batch.root, b"".join(batch.leaves)))
    ids = [row[0] for row in waiting]
    own.execute(PLACE, (no, ids, list(batch.slots)))
    own.execute("delete from journal_secret_queue where secret_id = any(%s)", (ids,))


def split_leaves(blob: bytes) -> list[bytes]:
    return [one[0] for one in struct.iter_unpack("32s", blob)]
