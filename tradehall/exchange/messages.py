"""A message under an idempotency key: acted on once, answered with the same bytes for ever.

The key, the records and a first answer are one transaction; the positions follow as soon as the log has them.
"""

import hashlib
import time
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from tradehall.exchange import receipts, selectors, services
from tradehall.journal import selectors as journal
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor

PATIENCE_SECONDS = 2.0
BEAT_SECONDS = 0.02


class KeyReused(Exception):
    """The key stands for another body already."""


def digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def answer_of(*, system: str, key: str, body_digest: str) -> str | None:
    """The answer already given under this key; None when there is none. Waits for one that is being given."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        kept = selectors.answer_given(system, key)
        if kept is None:
            return None
        if kept.body_digest != body_digest:
            raise KeyReused(key)
        if kept.is_final or time.monotonic() > until:
            return kept.answer
        time.sleep(BEAT_SECONDS)


def receive(sent: Sequence[object], *, by: Actor, key: str, body_digest: str) -> str:
    """Acts on the message, unless another request with the same key was faster: then that one's answer."""
    after = journal.last_position()
    at = platform_now()
    try:
        with transaction.atomic():
            kept = services.begin_answer(system=by.id, key=key, body_digest=body_digest, at=at)
            outcomes = services.receive_records(sent, by=by, at=at)
            services.keep_answer(kept, receipts.text_of(outcomes, {}), is_final=False)
    except IntegrityError:
        answer = answer_of(system=by.id, key=key, body_digest=body_digest)
        if answer is None:
            raise
        return answer
    answer = receipts.text_of(outcomes, receipts.positions_of(outcomes, after))
    services.keep_answer(kept, answer, is_final=True)
    return answer
