"""What may go after its time: sessions, drafts, challenges, hashes of spent tokens. Never a sign-in, never an attempt.

How long each is kept, and why, stands beside it; the nightly job asks for all of it.
"""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings

from tradehall.accounts import challenges, drafts
from tradehall.accounts.models import Challenge
from tradehall.accounts.oidc.models import SpentToken

SPENT_KEPT = timedelta(days=30)  # a refresh token lives twelve hours: whoever shows one after a month cannot use it


def sweep(*, at: datetime, now: datetime) -> dict[str, int]:
    """`at` is the platform's time, `now` the machine's; how many rows went, by what they were."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {
        "drafts": drafts.drop_old(at=at),
        "challenges": Challenge.objects.filter(expires_at__lt=now - challenges.KEPT).delete()[0],
        "spent_tokens": SpentToken.objects.filter(spent_at__lt=now - SPENT_KEPT).delete()[0],
    }
