"""Does every receipt that was given lead to its entry in the tree? For the audit after a restore.

Takes the tree itself as checked (`audit`). An entry that no sealer has reached yet is counted, not complained of.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tradehall.crypto.merkle import leaf_hash
from tradehall.journal.appending import Connection
from tradehall.journal.sealer import open_connection

MOST_DIFFERENCES = 50
CHUNK = 10_000
RECEIPTS = """
select r.receipt_no, coalesce(e.leaf, x.leaf), coalesce(e.body, x.body), s.leaf, b.leaves, p.slot
from journal_receipt r
left join journal_entry e on e.id = r.entry_id left join journal_seal s on s.entry_id = r.entry_id
left join journal_secret x on x.id = r.secret_id left join journal_batch_place p on p.secret_id = r.secret_id
left join (select no, leaves from journal_batch join journal_seal using (entry_id)) b on b.no = p.batch_id
where r.receipt_no > %s order by r.receipt_no limit %s
"""


@dataclass
class ReceiptAudit:
    receipts: int = 0
    waiting: int = 0
    differences: list[str] = field(default_factory=list)


def audit_receipts() -> ReceiptAudit:
    found = ReceiptAudit()
    with open_connection() as own:
        for receipt_no, leaf, body, sealed, batch, slot in _receipts(own):
            found.receipts += 1
            placed = sealed if batch is None else batch[32 * slot : 32 * slot + 32]
            if leaf != leaf_hash(body.encode()) or placed not in (None, leaf):
                found.differences = [*found.differences, f"receipt {receipt_no} does not lead to its entry"]
                found.differences = found.differences[:MOST_DIFFERENCES]
            found.waiting += placed is None
    return found


def _receipts(own: Connection) -> Iterator[tuple[Any, ...]]:
    after = ""
    while rows := own.execute(RECEIPTS, (after, CHUNK)).fetchall():
        yield from rows
        after = rows[-1][0]
