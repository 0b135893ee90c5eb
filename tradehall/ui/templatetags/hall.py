"""Template tags, one per component, and the display filters. `{% load hall %}`.

A component takes plain values (dicts and lists, keys as in each template's first line); no tag asks a database.
"""

import json
from datetime import datetime

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tradehall.kernel.money import format_wan, format_yuan
from tradehall.kernel.times import format_minute, rfc3339, to_beijing
from tradehall.ui import rules
from tradehall.ui.context import now as platform_now
from tradehall.ui.templatetags.components import add_components
from tradehall.ui.tones import STAGE_TONES, STATES

register = template.Library()
add_components(register)


# ── filters ────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def wan(cents: int | None) -> str:
    return "" if cents is None else format_wan(int(cents))


@register.filter
def yuan(cents: int | None) -> str:
    return "" if cents is None else format_yuan(int(cents))


@register.filter
def count(number: int | str | None) -> str:
    """Thousands separated; "2,000+" and other words pass as they are."""
    return f"{number:,}" if isinstance(number, int) else str(number or "")


def _moment(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        return datetime.fromisoformat(value) if "T" in value else None
    return value


@register.filter
def minute(value: datetime | str | None) -> str:
    """Beijing `2026-09-18 10:24`; takes aware moments and RFC 3339 text, leaves other text alone."""
    moment = _moment(value)
    return format_minute(moment) if moment else str(value or "")


@register.filter
def second(value: datetime | str | None) -> str:
    moment = _moment(value)
    return to_beijing(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else str(value or "")


@register.filter
def day(value: datetime | str | None) -> str:
    moment = _moment(value)
    return to_beijing(moment).strftime("%Y-%m-%d") if moment else str(value or "")


@register.filter
def short(value: datetime | str | None) -> str:
    """`09-18 10:24`, for rows and beside a year already shown."""
    moment = _moment(value)
    return to_beijing(moment).strftime("%m-%d %H:%M") if moment else str(value or "")


@register.filter
def clock(value: datetime | str | None) -> str:
    moment = _moment(value)
    return to_beijing(moment).strftime("%H:%M") if moment else str(value or "")


@register.filter
def machine(value: datetime | str | None) -> str:
    """RFC 3339 for `datetime=` attributes."""
    moment = _moment(value)
    return rfc3339(moment) if moment else str(value or "")


@register.filter
def urgency(value: datetime | str | None) -> str:
    moment = _moment(value)
    return rules.urgency(moment, platform_now()) if moment else ""


@register.filter
def weekday(value: datetime | None) -> str:
    return "" if value is None else "星期" + "一二三四五六日"[timezone.localtime(value).weekday()]


@register.filter
def short_digest(hexadecimal: str) -> str:
    return f"{hexadecimal[:6]}…{hexadecimal[-6:]}" if len(hexadecimal) > 14 else hexadecimal


@register.filter
def file_size(size: int | None) -> str:
    if size is None:
        return ""
    value, unit = float(size), "B"
    for larger in ("KB", "MB", "GB"):
        if value < 1024:
            break
        value, unit = value / 1024, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


# ── small pieces ───────────────────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    href = f"{static('ui/vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="i" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def tag(text: str, tone: str = "outline", icon_name: str = "") -> SafeString:
    """A small label; tones: outline, info, ok, warn, error, quiet."""
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(icon_name) if icon_name else "", text)


@register.simple_tag
def line_tag(code: str, label: str) -> SafeString:
    return format_html('<span class="tag line line-{}">{}</span>', code, label)


@register.simple_tag
def stage_tag(stage: str, label: str) -> SafeString:
    return tag(label, STAGE_TONES.get(stage, "quiet"))


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """What became of a notice or project; the states are the keys of `tones.STATES`."""
    word, tone, sign = STATES.get(state, (state, "quiet", ""))
    return tag(label or word, tone, sign)


@register.simple_tag
def live_tag(label: str = "实时") -> SafeString:
    return format_html('<span class="tag live"><span class="pulse"></span>{}</span>', label)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: str | int | None) -> str:
    """This address's query with some values replaced (None removes); other choices of the visitor stay."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def json_text(value: object) -> SafeString:
    """JSON that is safe inside <script type="application/json">."""
    text = json.dumps(value, ensure_ascii=False)
    return SafeString(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
