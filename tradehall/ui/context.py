"""Context processor: what the base page needs on every request. Knows nothing of what a page shows.

The platform clock lives in a later layer, so its address is a setting (`UI_CLOCK`), else the machine clock serves.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from tradehall.ui import shell as words_of
from tradehall.ui.middleware import choice_of

PAGE_VERSION = "2026.11.24-1"


def now() -> datetime:
    clock: Callable[[], datetime] = import_string(getattr(settings, "UI_CLOCK", "django.utils.timezone.now"))
    return clock()


def shell(request: HttpRequest) -> dict[str, Any]:
    lang = choice_of(request, "lang")
    words = words_of.words(lang)
    return {
        "shell": {
            "site_name": getattr(settings, "SITE_NAME", "公共资源交易平台"),
            "mode": choice_of(request, "mode"),
            "lang": lang,
            "lang_tag": words_of.LANG_TAGS[lang],
            "languages": words_of.LANGUAGES.items(),
            "words": words,
            "nav": words_of.navigation(lang, request.path),
            "foot": words_of.foot(lang),
            "now": SimpleLazyObject(lambda: timezone.localtime(now())),
            "page_version": PAGE_VERSION,
        }
    }
