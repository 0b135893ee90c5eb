"""Receipts: what a system is told about each record it sent, in the order sent.

A position is null until the journal's sealer has given one; it is waited for a moment, never guessed.
"""

import json
import time
from collections.abc import Mapping, Sequence

from django.db import connection

from tradehall.exchange.judging import Outcome
from tradehall.journal import selectors as journal
from tradehall.kernel.ref import Ref
from tradehall.tenders.reports import Finding

PATIENCE_SECONDS = 0.4
BEAT_SECONDS = 0.05
MOST_ENTRIES = 5_000
Positions = Mapping[Ref, int | None]


def text_of(outcomes: Sequence[Outcome], positions: Positions) -> str:
    """The answer, to the byte: a repeated message gets the same."""
    receipts = [_receipt(one, positions) for one in outcomes]
    text = json.dumps({"receipts": receipts}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")  # a refused record may repeat half a character


def positions_of(outcomes: Sequence[Outcome], after: int) -> Positions:
    """Where the subjects stand in the log: new ones among the entries after `after`, older ones by themselves."""
    told = [one for one in outcomes if not one.is_secret]  # what is secret has no place of its own in the log
    wanted = {one.subject for one in told if one.subject is not None}
    fresh = {one.subject for one in told if one.subject is not None and one.status == "accepted"}
    found: dict[Ref, int | None] = {}
    until = time.monotonic() + PATIENCE_SECONDS
    while fresh:
        for entry in journal.entries_after(after, MOST_ENTRIES):
            found[Ref(entry.subject_kind, entry.subject_no, entry.subject_version)] = entry.position
        # Inside somebody's open transaction nothing of ours can be sealed: waiting would be in vain.
        if fresh <= set(found) or time.monotonic() > until or connection.in_atomic_block:
            break
        time.sleep(BEAT_SECONDS)
    for subject in wanted - fresh:
        found[subject] = journal.position_of(subject)
    return {subject: found.get(subject) for subject in wanted}


def _receipt(outcome: Outcome, positions: Positions) -> dict[str, object]:
    return {
        "data_key": outcome.record.data_key,
        "status": outcome.status,
        "position": positions.get(outcome.subject) if outcome.subject else None,
        "findings": [_listed(one) for one in outcome.findings],
        "errors": [_listed(one) for one in outcome.errors],
    }


def _listed(one: Finding) -> dict[str, object]:
    return {"field": one.field, "value": one.value, "rule": one.rule, "message": one.message}
