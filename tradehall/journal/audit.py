"""Recompute the whole log from its entries and compare everything that was stored.

For `tradehall doctor` and the auditor. Refuses to trust any stored hash: bodies are the only input.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tradehall.crypto import merkle, notes
from tradehall.journal import keys
from tradehall.journal.appending import Connection, Frontier
from tradehall.journal.sealer import open_connection
from tradehall.kernel.canonical import parse_canonical

CHUNK = 10_000
MOST_DIFFERENCES = 50
ENTRIES = """
select s.position, s.leaf, e.leaf, e.body from journal_seal s left join journal_entry e on e.id = s.entry_id
where s.position >= %s order by s.position limit %s
"""
NODES = """
select n.level, n.idx, n.hash from unnest(%s::int2[], %s::int8[]) k(level, idx) join log_node n using (level, idx)
"""
BATCHES = "select no, root, leaves from journal_batch where no > %s order by no limit %s"
Progress = Callable[[int], None]


@dataclass
class Audit:
    entries: int = 0
    nodes: int = 0
    checkpoints: int = 0
    batches: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.differences

    def differs(self, what: str) -> None:
        if len(self.differences) < MOST_DIFFERENCES:
            self.differences.append(what)


def audit(progress: Progress | None = None) -> Audit:
    """Everything from zero; `progress` is told the number of entries done."""
    found = Audit()
    with open_connection() as own:
        heads = {row[0]: row[1:] for row in own.execute("select size, root, note from log_checkpoint").fetchall()}
        frontier: Frontier = {}
        _audit_heads(found, heads, 0, frontier)
        for chunk in _chunks(own, ENTRIES, 0):
            _audit_chunk(own, found, heads, frontier, chunk)
            if progress:
                progress(found.entries)
        _audit_totals(own, found, set(heads))
        for chunk in _chunks(own, BATCHES, 1):
            _audit_batches(found, chunk)
    return found


def _chunks(own: Connection, sql: str, shift: int) -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    while rows := own.execute(sql, (after, CHUNK)).fetchall():
        yield rows
        after = rows[-1][0] + 1 - shift


def _audit_chunk(
    own: Connection, found: Audit, heads: dict[int, tuple[bytes, str]], frontier: Frontier, chunk: list[tuple[Any, ...]]
) -> None:
    computed: dict[tuple[int, int], bytes] = {}
    for position, sealed, recorded, body in chunk:
        if position != found.entries:
            found.differs(f"position {found.entries} is missing")
            return
        leaf = merkle.leaf_hash((body or "").encode())
        if not (sealed == recorded == leaf) or not _is_canonical(body):
            found.differs(f"entry at position {position + 1}: body, leaf and seal do not agree")
        computed.update(_grow(frontier, position, leaf))
        found.entries += 1
        _audit_heads(found, heads, found.entries, frontier)
    stored = own.execute(NODES, ([level for level, _ in computed], [idx for _, idx in computed])).fetchall()
    kept = {(level, idx): one for level, idx, one in stored}
    found.nodes += len(computed)
    for place in sorted(place for place, one in computed.items() if kept.get(place) != one):
        found.differs(f"tree node {place} is missing or differs")


def _grow(frontier: Frontier, position: int, leaf: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The tree leaf by leaf, where the sealer computes it row by row: two ways that must agree."""
    level, index, current = 0, position, leaf
    while index & 1:
        current = merkle.node_hash(frontier.pop(level), current)
        level, index = level + 1, index >> 1
        yield (level, index), current
    frontier[level] = current


def _audit_heads(found: Audit, heads: dict[int, tuple[bytes, str]], size: int, frontier: Frontier) -> None:
    if size not in heads:
        return
    root, note = heads[size]
    computed = merkle.fold([frontier[level] for level in sorted(frontier, reverse=True)])
    if root != computed or not _is_ours(notes.parse_note(note), size, computed):
        found.differs(f"checkpoint at {size} does not hold")
    found.checkpoints += 1


def _is_ours(note: notes.Note, size: int, root: bytes) -> bool:
    """Signed by a key this log has or had, under the name it had then."""
    signed = [key for key in keys.verifiers() if notes.signed_by(note, key)]
    return note.text in {notes.checkpoint_text(notes.Head(key.name, size, root)) for key in signed}


def _audit_totals(own: Connection, found: Audit, sizes: set[int]) -> None:
    (size,) = own.execute("select size from sealer_state").fetchone() or (-1,)
    (nodes,) = own.execute("select count(*) from log_node").fetchone() or (-1,)
    if size != found.entries or max(sizes, default=0) != found.entries:
        found.differs(f"the log has {found.entries} entries, its state says {size}, its newest checkpoint {max(sizes)}")
    if nodes != found.nodes:
        found.differs(f"{nodes} tree nodes are stored, {found.nodes} belong there")


def _audit_batches(found: Audit, chunk: list[tuple[Any, ...]]) -> None:
    for no, root, blob in chunk:
        found.batches += 1
        if merkle.root([blob[i : i + 32] for i in range(0, len(blob), 32)]) != root:
            found.differs(f"sealed batch {no} does not hold")


def _is_canonical(body: str | None) -> bool:
    try:
        parse_canonical((body or "").encode())
    except ValueError:
        return False
    return True
