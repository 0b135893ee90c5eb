"""Receipts: what a system is told about each record it sent, in the order sent.

A position is null until the journal's sealer has given one; it is waited for a moment, never guessed.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from tradehall.exchange.judging import Outcome
from tradehall.journal import selectors as journal
from tradehall.kernel.ref import Ref, parse_ref
from tradehall.tenders.reports import Finding

PATIENCE_SECONDS = 0.4
BEAT_SECONDS = 0.05
Positions = Mapping[Ref, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt that still lacks its position; `after`: where the log stood before what is told of happened."""

    receipt: dict[str, object]
    subject: Ref | None
    after: int


def told(outcomes: Sequence[Outcome], after: int) -> list[Told]:
    return [_told(one, after) for one in outcomes]


def packed(slice_told: Sequence[Told]) -> str:
    return _text([[one.receipt, str(one.subject) if one.subject else None, one.after] for one in slice_told])


def unpacked(text: str) -> list[Told]:
    return [
        Told(receipt, parse_ref(subject) if subject else None, after) for receipt, subject, after in json.loads(text)
    ]


def text_of(message: Sequence[Told], positions: Positions) -> str:
    """The answer, to the byte: a repeated message gets the same."""
    receipts = [{**one.receipt, "position": positions.get(one.subject) if one.subject else None} for one in message]
    return _text({"receipts": receipts})


def positions_of(message: Sequence[Told]) -> Positions:
    """Where the subjects stand in the log; entries from before the message do not count for what is new."""
    least = {one.subject: one.after for one in message if one.subject is not None}
    found: dict[Ref, int] = {}
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        places = journal.places_of([one for one in least if one not in found])
        found |= {subject: place for subject, place in places.items() if place > least[subject]}
        # Inside somebody's open transaction nothing of ours can be sealed: waiting would be in vain.
        if len(found) == len(least) or time.monotonic() > until or connection.in_atomic_block:
            return found
        time.sleep(BEAT_SECONDS)


def _told(outcome: Outcome, after: int) -> Told:
    receipt: dict[str, object] = {
        "data_key": outcome.record.data_key,
        "status": outcome.status,
        "position": None,
        "findings": [_listed(one) for one in outcome.findings],
        "errors": [_listed(one) for one in outcome.errors],
    }
    subject = None if outcome.is_secret else outcome.subject  # what is secret has no place of its own in the log
    return Told(receipt, subject, after if outcome.status == "accepted" else 0)


def _text(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")  # a refused record may repeat half a character


def _listed(one: Finding) -> dict[str, object]:
    return {"field": one.field, "value": one.value, "rule": one.rule, "message": one.message}
