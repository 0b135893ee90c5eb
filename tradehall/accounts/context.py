"""What every page must say to a person who is signed in: until when his session lasts. Nothing for anybody else."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tradehall.accounts import drafts
from tradehall.accounts.signing import DRAFT_KEPT_AT
from tradehall.journal.clock import platform_now


def session(request: HttpRequest) -> dict[str, Any]:
    """`session_end` for the shell, `draft_marker` for forms. Error pages have no session and get nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    seconds = settings.SESSION_COOKIE_AGE
    return {
        "session_end": {
            "seconds": seconds,
            "warn_seconds": min(300, seconds // 2),
            "at": SimpleLazyObject(lambda: platform_now() + timedelta(seconds=seconds)),
        },
        "draft_marker": SimpleLazyObject(lambda: drafts.marker(user)),
        "draft_kept_at": request.META.get(DRAFT_KEPT_AT),
    }
