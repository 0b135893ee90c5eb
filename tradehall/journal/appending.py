"""One batch of the log, in one statement: seals, tree nodes, checkpoint, state, notice to listeners.

Refuses to decide what may be sealed (that is `sealer`), and to go on when the state and the tree disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import psycopg

from tradehall.crypto import merkle
from tradehall.crypto.merkle import Subtree
from tradehall.crypto.notes import Head, checkpoint_text
from tradehall.journal import keys, national

Connection = psycopg.Connection[Any]
BATCH = 20_000
CHANNEL = "journal"
LIBPQ = frozenset({"dbname", "host", "port", "user", "password", "options", "sslmode", "sslrootcert"})
HASH = 32

# Small batches are bound by round trips, so there are two: read, and write. What is written is what was read and hashed:
# ids and leaves travel back as the two values they came as, for thousands of rows cost more in Python than hashing them.
WAITING = """
select state.size, state.last_id, head.root, batch.highest, batch.ids, batch.leaves
from sealer_state state left join log_checkpoint head on head.size = state.size, lateral (
  select max(id) as highest, array_agg(id order by id)::text as ids, string_agg(leaf, ''::bytea order by id) as leaves
  from (select id, leaf from journal_entry where id > state.last_id and id <= %s order by id limit %s) waiting
) batch where state.id = 1
"""
# All or nothing, and nothing if the state is no longer as read. Which subtrees are complete now follows from the sizes;
# their hashes come level by level.
APPEND = """
with moved as (
  update sealer_state set last_id = %(highest)s, size = %(grown)s, seen_at = clock_timestamp()
  where id = 1 and size = %(size)s and last_id = %(last_id)s returning id
), seal as (
  insert into journal_seal (position, entry_id, leaf)
  select %(size)s::int8 + nth - 1, entry_id, substr(%(leaves)s::bytea, (32 * nth - 31)::int, 32)
  from moved, unnest(%(ids)s::int8[]) with ordinality entry(entry_id, nth)
), node as (
  insert into log_node (level, idx, hash)
  select level, idx, substr(%(nodes)s::bytea, (32 * row_number() over (order by level, idx) - 31)::int, 32)
  from moved, generate_series(1, %(levels)s::int) level,
    generate_series(%(size)s::int8 >> level, (%(grown)s::int8 >> level) - 1) idx
), head as (
  insert into log_checkpoint (size, root, note) select %(grown)s::int8, %(root)s::bytea, %(note)s::text from moved
)
select pg_notify(%(channel)s, %(grown)s::text) from moved
"""
NODES = """
select k.ord, coalesce(n.hash, s.leaf) from unnest(%s::int2[], %s::int8[]) with ordinality k(level, idx, ord)
  left join log_node n on n.level = k.level and n.idx = k.idx and k.level > 0
  left join journal_seal s on s.position = k.idx and k.level = 0 order by 1
"""
Frontier = dict[int, bytes]  # level -> the last complete subtree of that level that has no parent yet


@dataclass
class Edge:
    """The tree's right edge, as a sealer remembers it from its last batch; believed only while the log agrees."""

    size: int = 0
    root: bytes = b""
    frontier: Frontier = field(default_factory=dict)


def append_batch(connection: Connection, safe: int, limit: int = BATCH, edge: Edge | None = None) -> int:
    """Append the next entries with ids up to `safe`, all or nothing; returns how many.

    One transaction even in autocommit. If another sealer was faster, the batch after his is read and appended.
    """
    edge = edge or Edge()
    while True:
        size, last_id, root, highest, ids, leaves = _waiting(connection, safe, limit)
        if leaves is None:
            return 0
        if (edge.size, edge.root) != (size, root):  # a batch that was not kept, another sealer, or the first one
            edge.frontier = _frontier(connection, size)
        batch = {"size": size, "last_id": last_id, "highest": highest, "ids": ids, "leaves": leaves}
        if connection.execute(APPEND, {**batch, **_grown(edge, size, leaves)}).fetchone():
            return edge.size - size


def sign_empty_log(connection: Connection) -> None:
    """A log that has begun shows a checkpoint even before its first entry."""
    text = checkpoint_text(Head(keys.origin(), 0, merkle.EMPTY_ROOT))
    connection.execute(
        "insert into log_checkpoint (size, root, note) values (0, %s, %s) on conflict do nothing",
        (merkle.EMPTY_ROOT, national.sign_checkpoint(text)),
    )


def grow(frontier: Frontier, size: int, leaves: bytes) -> bytes:
    """Add leaves to the tree's right edge (changed in place); the complete subtrees that came to be, level by level."""
    made, level, row = [], 0, leaves
    while row:
        if size >> level & 1:
            row = frontier.pop(level) + row
        whole = len(row) - len(row) % (2 * HASH)
        if whole < len(row):
            frontier[level] = row[whole:]
        # merkle.node_hash of every pair, without cutting it in two: this line is most of a sealer's own work.
        row = b"".join([sha256(b"\x01" + row[i : i + 2 * HASH]).digest() for i in range(0, whole, 2 * HASH)])
        made.append(row)
        level += 1
    return b"".join(made)


def fetch_subtrees(connection: Connection, subtrees: Sequence[Subtree]) -> list[bytes | None]:
    """The hashes of complete subtrees, in one query; None for those the log does not have yet."""
    levels, indexes = [level for level, _ in subtrees], [index for _, index in subtrees]
    return [row[1] for row in connection.execute(NODES, (levels, indexes)).fetchall()]


def _grown(edge: Edge, size: int, leaves: bytes) -> dict[str, object]:
    """Move the edge over these leaves; what the log writes about it."""
    edge.root = b""  # not believed again unless all of this comes to its end
    nodes = grow(edge.frontier, size, leaves)
    edge.size = size + len(leaves) // HASH
    edge.root = merkle.fold([edge.frontier[level] for level in sorted(edge.frontier, reverse=True)])
    note = national.sign_checkpoint(checkpoint_text(Head(keys.origin(), edge.size, edge.root)))
    levels = edge.size.bit_length()
    return {"grown": edge.size, "root": edge.root, "note": note, "nodes": nodes, "levels": levels, "channel": CHANNEL}


def _frontier(connection: Connection, size: int) -> Frontier:
    subtrees = merkle.cover(0, size)
    hashes = fetch_subtrees(connection, subtrees)
    found = {level: bytes(one) for (level, _), one in zip(subtrees, hashes, strict=True) if one}
    if len(found) != len(subtrees):
        raise RuntimeError(f"the log's tree is incomplete at {size} entries; stop and audit before sealing on")
    return found


def _waiting(connection: Connection, safe: int, limit: int) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(WAITING, (safe, limit)).fetchone()
    if row is None:
        raise RuntimeError("the sealer's state is missing; restore it from a backup, do not insert a new one")
    return row
