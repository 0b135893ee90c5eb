"""Everything that can be proved about this instance, proved again: for `tradehall audit`, and after every restore.

Prints what it checked as it goes. It repairs nothing.
"""

from collections.abc import Callable, Iterable, Iterator

import psycopg

from tradehall.config.house import references
from tradehall.documents import copies
from tradehall.journal import selectors
from tradehall.journal.audit import audit
from tradehall.journal.receipt_audit import audit_receipts

Say = Callable[[str], None]


def complaints(owner_url: str, say: Say) -> list[str]:
    """What does not hold; each part is checked even when another does not."""
    return [text for part in (_log, _receipts, _documents) for text in part(say)] + list(_records(owner_url, say))


def _log(say: Say) -> Iterator[str]:
    found = audit()
    say(
        f"checked: {found.entries} log entries re-hashed from their text, {found.nodes} nodes of the tree, "
        f"{found.checkpoints} checkpoints against their roots and signatures, {found.batches} sealed batches"
    )
    say(f"the log has {selectors.last_position()} entries; recorded after that: {selectors.unsealed()}")
    yield from found.differences


def _receipts(say: Say) -> Iterable[str]:
    found = audit_receipts()
    waits = f"; {found.waiting} of them wait for the sealer" if found.waiting else ""
    say(f"checked: {found.receipts} receipts lead to their leaves in the tree{waits}")
    return found.differences


def _documents(say: Say) -> Iterable[str]:
    found = copies.check_all()
    say(f"checked: {found.files} documents against SHA-256 and SM3")
    return found.faults


def _records(owner_url: str, say: Say) -> Iterator[str]:
    with psycopg.connect(owner_url, connect_timeout=10, autocommit=True) as db:
        yield from references.dangling(db)
    say(f"checked: what the log names is there ({', '.join(references.SUBJECTS)})")
