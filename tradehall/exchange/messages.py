"""A message under an idempotency key: acted on once, answered with the same bytes for ever.

It is worked on in slices, a short transaction each, so that nobody waits long behind a large message. Every slice leaves
what its records will be told; a message that was broken off is taken up where it stands by whoever repeats it.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from django.db import transaction

from tradehall.exchange import receipts, selectors, services
from tradehall.exchange.models import IdempotencyKey, SliceReceipt
from tradehall.journal import selectors as journal
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor

FIRST, SMALLEST, LARGEST = 50, 25, 80  # records in a slice; more of them gain little and may suddenly take long
TAKEN_UP = timedelta(hours=1)  # who goes on with an older message has it kept from now on
SLICE_SECONDS = 0.2  # what a slice may take; it holds locks that other systems wait for
Turn = Callable[[], AbstractContextManager[None]]


class KeyReused(Exception):
    """The key stands for another body already."""


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def answer_of(*, system: str, key: str, body_digest: str) -> str | None:
    """The answer already given under this key; None while there is none."""
    kept = selectors.answer_given(system, key)
    if kept is None:
        return None
    _refuse_another(kept, body_digest)
    return kept.answer if kept.is_final else None


def receive(sent: Sequence[object], *, by: Actor, key: str, body_digest: str, turn: Turn = nullcontext) -> str:
    """Acts on the message. Two who bring the same one at once work on it together; both get the same answer."""
    size = FIRST
    while True:
        with turn():
            began = time.monotonic()
            kept, done = _receive_slice(sent, size, by=by, key=key, body_digest=body_digest)
            taken = time.monotonic() - began
        if done >= len(sent):
            return _answer(kept)
        size = next_size(size, taken)


def next_size(size: int, taken: float) -> int:
    """As many records as the last slice shows to be worth `SLICE_SECONDS`, growing by half at most."""
    fitting = int(size * SLICE_SECONDS / max(taken, 0.001))
    return max(SMALLEST, min(LARGEST, fitting, size + size // 2))


def _receive_slice(
    sent: Sequence[object], size: int, *, by: Actor, key: str, body_digest: str
) -> tuple[IdempotencyKey, int]:
    """The next records of the message, if there are any; how many are dealt with now."""
    after = journal.last_position()
    at = platform_now()
    with transaction.atomic():
        kept = _locked(IdempotencyKey(system=by.id, key=key, body_digest=body_digest, answer="", created_at=at))
        _refuse_another(kept, body_digest)
        done = _done(kept)
        if kept.is_final or done >= len(sent):
            return kept, len(sent)
        piece = sent[done : done + size]
        outcomes = services.receive_records(piece, by=by, at=at)
        number, text = done + len(piece), receipts.packed(receipts.told(outcomes, after))
        SliceReceipt.objects.create(key=kept, number=number, answer=text)
    return kept, number


def _locked(wanted: IdempotencyKey) -> IdempotencyKey:
    """In the transaction of the slice: a second message under the same key waits here for the end of it."""
    IdempotencyKey.objects.bulk_create([wanted], ignore_conflicts=True)
    kept = IdempotencyKey.objects.select_for_update().get(system=wanted.system, key=wanted.key)
    if not kept.is_final and wanted.created_at - kept.created_at > TAKEN_UP:
        kept.created_at = wanted.created_at
        kept.save(update_fields=["created_at"])
    return kept


def _refuse_another(kept: IdempotencyKey, body_digest: str) -> None:
    if kept.body_digest != body_digest:
        raise KeyReused(kept.key)


def _done(kept: IdempotencyKey) -> int:
    newest = SliceReceipt.objects.filter(key=kept).order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def _answer(kept: IdempotencyKey) -> str:
    """Positions are waited for outside of any transaction; the first answer that is kept is the answer."""
    slices = SliceReceipt.objects.filter(key=kept).order_by("number")
    message = [one for text in slices.values_list("answer", flat=True) for one in receipts.unpacked(text)]
    answer = receipts.text_of(message, receipts.positions_of(message))
    with transaction.atomic():
        now = IdempotencyKey.objects.select_for_update().get(pk=kept.pk)
        if now.is_final:
            return now.answer
        IdempotencyKey.objects.filter(pk=kept.pk).update(answer=answer, is_final=True)
        slices.delete()
    return answer
