"""One batch of the log, in one transaction: seals, tree nodes, checkpoint, state, notice to listeners.

Refuses to decide what may be sealed (that is `sealer`), and to go on when the state and the tree disagree.
"""

import struct
from collections.abc import Sequence
from typing import Any

import psycopg

from tradehall.crypto import merkle
from tradehall.crypto.merkle import Subtree
from tradehall.crypto.notes import Head, checkpoint_text, sign_note
from tradehall.journal import keys

Connection = psycopg.Connection[Any]
BATCH = 20_000
CHANNEL = "journal"
LIBPQ = frozenset({"dbname", "host", "port", "user", "password", "options", "sslmode", "sslrootcert"})

STATE = "select last_id, size from sealer_state where id = 1 for update"
# One value instead of thousands of rows: reading 20,000 tuples in Python costs more than hashing them.
WAITING = """
select string_agg(int8send(id) || leaf, ''::bytea order by id)
from (select id, leaf from journal_entry where id > %s and id <= %s order by id limit %s) as waiting
"""
NODES = """
select k.ord, coalesce(n.hash, s.leaf) from unnest(%s::int2[], %s::int8[]) with ordinality k(level, idx, ord)
  left join log_node n on n.level = k.level and n.idx = k.idx and k.level > 0
  left join journal_seal s on s.position = k.idx and k.level = 0 order by 1
"""
COPY_SEALS = "copy journal_seal (position, entry_id, leaf) from stdin (format binary)"
COPY_NODES = "copy log_node (level, idx, hash) from stdin (format binary)"
HEADER = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)
SEAL_ROW = struct.Struct(">hiqiqi32s")
NODE_ROW = struct.Struct(">hihiqi32s")
ENTRY = struct.Struct(">q32s")
Frontier = dict[int, tuple[int, bytes]]  # level -> the last complete subtree of that level that has no parent yet


def append_batch(connection: Connection, safe: int, limit: int = BATCH) -> int:
    """Append the next entries with ids up to `safe`, inside the caller's transaction; returns how many."""
    last_id, size = _row(connection, STATE)
    if safe <= last_id:
        return 0
    (blob,) = _row(connection, WAITING, (last_id, safe, limit))
    if blob is None:
        return 0
    entries = list(ENTRY.iter_unpack(blob))
    frontier = _frontier(connection, size)
    nodes = grow(frontier, size, [leaf for _, leaf in entries])
    _copy(connection, COPY_SEALS, [SEAL_ROW.pack(3, 8, size + i, 8, e, 32, h) for i, (e, h) in enumerate(entries)])
    _copy(connection, COPY_NODES, [NODE_ROW.pack(3, 2, level, 8, idx, 32, h) for level, idx, h in nodes])
    new_size = size + len(entries)
    _sign(connection, new_size, merkle.fold([frontier[level][1] for level in sorted(frontier, reverse=True)]))
    connection.execute(
        "update sealer_state set last_id = %s, size = %s, seen_at = clock_timestamp() where id = 1",
        (entries[-1][0], new_size),
    )
    connection.execute("select pg_notify(%s, %s)", (CHANNEL, str(new_size)))
    return len(entries)


def sign_empty_log(connection: Connection) -> None:
    """A log that has begun shows a checkpoint even before its first entry."""
    text = checkpoint_text(Head(keys.origin(), 0, merkle.EMPTY_ROOT))
    connection.execute(
        "insert into log_checkpoint (size, root, note) values (0, %s, %s) on conflict do nothing",
        (merkle.EMPTY_ROOT, sign_note(text, keys.signer())),
    )


def grow(frontier: Frontier, size: int, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
    """Add leaves to the tree's right edge (changed in place); returns the complete subtrees that came to be."""
    made = []
    for position, leaf in enumerate(leaves, size):
        level, index, current = 0, position, leaf
        while index & 1:
            current = merkle.node_hash(frontier.pop(level)[1], current)
            level, index = level + 1, index >> 1
            made.append((level, index, current))
        frontier[level] = (index, current)
    return made


def fetch_subtrees(connection: Connection, subtrees: Sequence[Subtree]) -> list[bytes | None]:
    """The hashes of complete subtrees, in one query; None for those the log does not have yet."""
    levels, indexes = [level for level, _ in subtrees], [index for _, index in subtrees]
    return [row[1] for row in connection.execute(NODES, (levels, indexes)).fetchall()]


def _frontier(connection: Connection, size: int) -> Frontier:
    subtrees = merkle.cover(0, size)
    hashes = fetch_subtrees(connection, subtrees)
    found = {level: (index, one) for (level, index), one in zip(subtrees, hashes, strict=True) if one}
    if len(found) != len(subtrees):
        raise RuntimeError(f"the log's tree is incomplete at {size} entries; stop and audit before sealing on")
    return found


def _sign(connection: Connection, size: int, root: bytes) -> None:
    note = sign_note(checkpoint_text(Head(keys.origin(), size, root)), keys.signer())
    connection.execute("insert into log_checkpoint (size, root, note) values (%s, %s, %s)", (size, root, note))


def _copy(connection: Connection, sql: str, rows: Sequence[bytes]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.write(b"".join([HEADER, *rows, TRAILER]))


def _row(connection: Connection, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(sql, parameters).fetchone()
    if row is None:
        raise RuntimeError("the sealer's state is missing; restore it from a backup, do not insert a new one")
    return row
