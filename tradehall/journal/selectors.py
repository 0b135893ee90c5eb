"""Reading the log: entries in order, checkpoints, proofs, and how far the sealer is.

`position` is the public one everywhere here: log index + 1, so that "after 0" is the beginning. Refuses to show
secret entries other than by their receipt.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from tradehall.crypto import merkle, proof_file, sealed_batch
from tradehall.crypto.merkle import Part, Subtree
from tradehall.journal import keys
from tradehall.journal.appending import NODES
from tradehall.journal.batches import split_leaves
from tradehall.kernel.ref import Ref


class LogEntry(NamedTuple):
    position: int
    code: str
    subject_kind: str
    subject_no: str
    subject_version: int | None
    at: datetime
    body: str


class SignedHead(NamedTuple):
    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class Inclusion:
    index: int
    size: int
    leaf_hash: bytes
    hashes: list[bytes]


@dataclass(frozen=True)
class EntryProof:
    """An entry with its path to the newest checkpoint."""

    index: int
    leaf: bytes
    hashes: list[bytes]
    head: SignedHead


@dataclass(frozen=True)
class ReceiptProof:
    """`entry` is None until sealed; for secret entries it is the batch's, and `slot` and `batch_hashes` lead to it."""

    receipt_no: str
    leaf_hash: bytes
    entry: EntryProof | None
    slot: int | None = None
    batch_hashes: list[bytes] | None = None


@dataclass(frozen=True)
class OpenedBatch:
    """A sealed batch: all its leaves as hashes, and the entries whose secrecy is over, by slot."""

    no: int
    index: int
    root: bytes
    leaves: list[bytes]
    opened: list[tuple[int, str]]


BATCH = """
select b.no, s.position, b.root, b.leaves from journal_batch b join journal_seal s on s.entry_id = b.entry_id where b.no = %s
"""
OPENED = """
select p.slot, x.body from journal_batch_place p join journal_secret x on x.id = p.secret_id
where p.batch_id = %s and x.secret_until <= platform_now() order by p.slot
"""
ENTRIES = """
select s.position + 1, e.code, e.subject_kind, e.subject_no, e.subject_version, e.at, e.body
from journal_seal s join journal_entry e on e.id = s.entry_id
where s.position >= %s and (%s::text[] is null or e.code = any(%s::text[])) order by s.position limit %s
"""
LEAVES = """
select s.position, e.body from journal_seal s join journal_entry e on e.id = s.entry_id
where s.position >= %s order by s.position limit %s
"""
OF_SUBJECT = """
select s.position + 1 from journal_entry e join journal_seal s on s.entry_id = e.id
where e.subject_kind = %s and e.subject_no = %s and e.subject_version is not distinct from %s
order by e.id desc limit 1
"""
OF_SUBJECTS = """
select w.no, w.version, s.position + 1 from unnest(%s::text[], %s::int[]) w(no, version)
join journal_entry e on e.subject_kind = %s and e.subject_no = w.no and e.subject_version = w.version
join journal_seal s on s.entry_id = e.id where e.code = any(%s::text[])
"""
PLACES = """
select w.nth, (select s.position + 1 from journal_entry e join journal_seal s on s.entry_id = e.id
    where e.subject_kind = w.kind and e.subject_no = w.no and e.subject_version is not distinct from w.version
    order by e.id desc limit 1)
from unnest(%s::text[], %s::text[], %s::int[]) with ordinality w(kind, no, version, nth) order by w.nth
"""
HEAD = "select size, root, note from log_checkpoint order by size desc limit 1"
LAG = """
select coalesce(extract(epoch from clock_timestamp() - min(recorded_at)), 0)::float8
from journal_entry where id > (select last_id from sealer_state)
"""
AGE = """
select coalesce(extract(epoch from clock_timestamp() - e.recorded_at), 0)::float8
from journal_seal s join journal_entry e on e.id = s.entry_id where s.position >= %s order by s.position limit 1
"""
RESTORES = """
select body from journal_entry where subject_kind = 'log_key' and code = 'journal.restore_log' order by id
"""
RECEIPT = """
select coalesce(e.leaf, x.leaf), coalesce(s.position, b.position), p.slot, b.leaves
from journal_receipt r
left join journal_entry e on e.id = r.entry_id left join journal_seal s on s.entry_id = r.entry_id
left join journal_secret x on x.id = r.secret_id left join journal_batch_place p on p.secret_id = r.secret_id
left join (select no, leaves, position from journal_batch join journal_seal using (entry_id)) b on b.no = p.batch_id
where r.receipt_no = %s
"""


def entries_after(position: int, limit: int, codes: Sequence[str] | None = None) -> list[LogEntry]:
    """Entries with positions above `position`, ascending; `codes` keeps only those acts."""
    wanted = list(codes) if codes is not None else None
    return [LogEntry(*row) for row in _rows(ENTRIES, (position, wanted, wanted, limit))]


def leaves_from(index: int, limit: int) -> list[tuple[int, bytes]]:
    return [(place, body.encode()) for place, body in _rows(LEAVES, (index, limit))]


def position_of(what: int | Ref) -> int | None:
    """Where an entry (by id), or the newest entry about exactly this subject and version, stands; None if unsealed."""
    if isinstance(what, Ref):
        rows = _rows(OF_SUBJECT, (what.kind, what.no, what.version))
    else:
        rows = _rows("select position + 1 from journal_seal where entry_id = %s", (what,))
    return int(rows[0][0]) if rows else None


def positions_of(kind: str, versions: Sequence[tuple[str, int]], codes: Sequence[str]) -> dict[tuple[str, int], int]:
    """Where the acts `codes` about these (number, version) stand; what is not sealed yet is missing."""
    nos, numbers = [no for no, _ in versions], [version for _, version in versions]
    return {(no, version): place for no, version, place in _rows(OF_SUBJECTS, (nos, numbers, kind, list(codes)))}


def places_of(subjects: Sequence[Ref]) -> dict[Ref, int]:
    """Like `position_of`, for many in one query; what is not sealed yet is missing."""
    columns = [[getattr(one, name) for one in subjects] for name in ("kind", "no", "version")]
    found = _rows(PLACES, columns) if subjects else []
    return {one: int(place) for one, (_, place) in zip(subjects, found, strict=True) if place is not None}


def last_position() -> int:
    """The size of the log, which is also the position of its newest entry; 0 when empty."""
    return int(_rows("select size from sealer_state", ())[0][0])


def log_names() -> list[str]:
    """Every name the log has had, the newest first; more than one only when it was restored."""
    return list(dict.fromkeys(one.origin for one in keys.generations()))


def restored_sizes() -> dict[str, int]:
    """For each name the log got by a restore: up to which size nothing was lost. Without restores that were lost themselves."""
    facts = [json.loads(body)["facts"] for (body,) in _rows(RESTORES, ())]
    return {str(one["origin"]): int(one["size"]) for one in facts}


def checkpoint() -> SignedHead | None:
    """The newest signed tree head; None before the sealer has ever run."""
    rows = _rows(HEAD, ())
    return SignedHead(*rows[0]) if rows else None


def sealer_lag() -> float:
    """Seconds since the oldest entry that has no position yet was recorded; 0 when all have one."""
    return float(_rows(LAG, ())[0][0])


def age_after(position: int) -> float:
    """Seconds since the first sealed entry above `position` was recorded; 0 when there is none."""
    rows = _rows(AGE, (position,))
    return max(0.0, float(rows[0][0])) if rows else 0.0


def unsealed() -> int:
    """Entries recorded and without a position yet."""
    return int(_rows("select count(*) from journal_entry where id > (select last_id from sealer_state)", ())[0][0])


def inclusion_proof(index: int, size: int) -> Inclusion:
    """One query. ValueError for a leaf outside the tree, LookupError for a tree the log has not grown to."""
    parts = merkle.inclusion_parts(index, size)
    leaf, *hashes = _hashes([((0, index),), *parts], size)
    return Inclusion(index, size, leaf, hashes)


def consistency_proof(first: int, second: int) -> list[bytes]:
    """One query. ValueError unless 1 <= first <= second, LookupError for a tree the log has not grown to."""
    parts = merkle.consistency_parts(first, second)
    found = _hashes(parts or [((0, second - 1),)], second)  # equal trees: only see whether the log is that long
    return found if parts else []


def entry_proof(position: int) -> EntryProof | None:
    """The proof of one entry against the newest checkpoint."""
    head = checkpoint()
    found = leaves_from(position - 1, 1)
    if head is None or not found or head.size < position:
        return None
    return EntryProof(position - 1, found[0][1], inclusion_proof(position - 1, head.size).hashes, head)


def notice_proof_file(subject: Ref, notice: Mapping[str, object]) -> bytes | None:
    """The downloadable proof of a notice version; None while its entry is not sealed."""
    position = position_of(subject)
    proof = entry_proof(position) if position else None
    if proof is None:
        return None
    return proof_file.build(
        index=proof.index, leaf=proof.leaf, hashes=proof.hashes, checkpoint=proof.head.note, notice=notice
    )


def receipt_proof(receipt_no: str) -> ReceiptProof | None:
    rows = _rows(RECEIPT, (receipt_no,))
    if not rows:
        return None
    leaf, index, slot, batch = rows[0]
    entry = entry_proof(index + 1) if index is not None else None
    hashes = sealed_batch.path(split_leaves(batch), slot) if batch is not None else None
    return ReceiptProof(receipt_no, leaf, entry, slot if entry else None, hashes if entry else None)


def batch(no: int) -> OpenedBatch | None:
    """None until the batch has its place in the log. An entry opens by the platform's clock, not by a job."""
    rows = _rows(BATCH, (no,))
    if not rows:
        return None
    number, index, root, leaves = rows[0]
    opened = [(slot, body) for slot, body in _rows(OPENED, (no,))]
    return OpenedBatch(number, index, root, split_leaves(leaves), opened)


def _hashes(parts: Sequence[Part], size: int) -> list[bytes]:
    subtrees: list[Subtree] = [subtree for part in parts for subtree in part]
    rows = _rows(NODES, ([level for level, _ in subtrees], [index for _, index in subtrees]))
    if any(row[1] is None for row in rows):
        raise LookupError(f"the log has not grown to {size} entries")
    found = iter(rows)
    return [merkle.fold([row[1] for row in islice(found, len(part))]) for part in parts]


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in rows]
