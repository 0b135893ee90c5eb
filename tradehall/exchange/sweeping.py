"""What connected systems sent and nobody needs any more: answers kept for repetition, messages broken off, refused records.

A record that was taken in stays for ever; so does a refused one until somebody has settled it or its time is over.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tradehall.exchange.models import IdempotencyKey, RefusedRecord, SliceReceipt

ANSWERS_KEPT = timedelta(days=30)  # a system repeats within minutes; a month covers a closed office
# Counted from the last try (`messages` moves it), so never under the hands of a sender who goes on. Who comes later still
# loses nothing and doubles nothing: his message is a new one, and what was recorded of the old one is `unchanged`.
BROKEN_KEPT = timedelta(days=30)
SETTLED_KEPT = timedelta(days=180)  # for questions about what was corrected
REFUSED_KEPT = timedelta(
    days=3 * 365
)  # whole records may hold personal data, so even unsettled ones go (个人信息保护法 19)


def sweep(*, at: datetime) -> dict[str, int]:
    """How many rows went, by what they were."""
    settled = Q(settled_at__lt=at - SETTLED_KEPT)
    return {
        "answers": IdempotencyKey.objects.filter(created_at__lt=at - ANSWERS_KEPT, is_final=True).delete()[0],
        "broken_messages": _broken(at),
        "refused_records": RefusedRecord.objects.filter(settled | Q(last_at__lt=at - REFUSED_KEPT)).delete()[0],
    }


@transaction.atomic
def _broken(at: datetime) -> int:
    """Keys without an answer, and what their slices were told; one that is being worked on is passed over."""
    rows = IdempotencyKey.objects.filter(created_at__lt=at - BROKEN_KEPT, is_final=False)
    found = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
    SliceReceipt.objects.filter(key_id__in=found).delete()
    return IdempotencyKey.objects.filter(pk__in=found).delete()[0]
