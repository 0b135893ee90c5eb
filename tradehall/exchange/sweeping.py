"""What connected systems sent and nobody needs any more: answers kept for repetition, refused records long settled.

A record that was taken in stays for ever; so does a refused one until somebody has settled it or its time is over.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from tradehall.exchange.models import IdempotencyKey, RefusedRecord

ANSWERS_KEPT = timedelta(days=30)  # a system repeats within minutes; a month covers a closed office
SETTLED_KEPT = timedelta(days=180)  # for questions about what was corrected
REFUSED_KEPT = timedelta(
    days=3 * 365
)  # whole records may hold personal data, so even unsettled ones go (个人信息保护法 19)


def sweep(*, at: datetime) -> dict[str, int]:
    """How many rows went, by what they were."""
    settled = Q(settled_at__lt=at - SETTLED_KEPT)
    return {
        "answers": IdempotencyKey.objects.filter(created_at__lt=at - ANSWERS_KEPT, is_final=True).delete()[0],
        "refused_records": RefusedRecord.objects.filter(settled | Q(last_at__lt=at - REFUSED_KEPT)).delete()[0],
    }
