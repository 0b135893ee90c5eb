"""Small checks that every stated form needs: text within bounds, whole cents, a day that has come, a choice offered.

Each answers with the violations it found, so that a statement is refused with all of them at once. Knows no law.
"""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation

from tradehall.kernel.masking import mask_personal
from tradehall.kernel.money import MAX_CENTS
from tradehall.kernel.refusal import Violation

NOTHING_KEPT = "没有保存任何内容"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def violation(field: str, words: str, basis: str | None = None) -> Violation:
    return Violation(f"statement.{field}", f"{words}；{NOTHING_KEPT}，请改正后再办理", field, basis)


def check_text(field: str, label: str, text: str, *, limit: int = 300, basis: str | None = None) -> list[Violation]:
    """One that must be there, is not too long, and hides nobody's telephone or identity number in a public text."""
    if not text.strip():
        return [violation(field, f"{label}没有填写", basis)]
    found = []
    if len(text) > limit:
        found.append(violation(field, f"{label}超过 {limit} 字，现为 {len(text)} 字", basis))
    if _CONTROL.search(text):
        found.append(violation(field, f"{label}含有控制字符", basis))
    if mask_personal(text) != text:
        found.append(violation(field, f"{label}含有手机号码或者身份证号码，登记后可能公开，请删去", basis))
    return found


def check_cents(field: str, label: str, cents: int, *, basis: str | None = None) -> list[Violation]:
    if 0 < cents <= MAX_CENTS:
        return []
    return [violation(field, f"{label}应为大于零且不超过上限的整数分，现为 {cents}", basis)]


def check_day(field: str, label: str, day: date, *, today: date, basis: str | None = None) -> list[Violation]:
    if day <= today:
        return []
    return [violation(field, f"{label} {day} 还没有到，只能登记已经作出的决定", basis)]


def check_choice(
    field: str, label: str, chosen: str, offered: Collection[str], *, basis: str | None = None
) -> list[Violation]:
    if chosen in offered:
        return []
    return [violation(field, f"{label}没有“{chosen[:40]}”这一项，可选：{'、'.join(offered)}", basis)]


def check_decimal(field: str, label: str, text: str, *, most: str | None = None) -> list[Violation]:
    """A positive decimal kept as text: areas, shares, quantities."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return [violation(field, f"{label}应为数字，现为“{text[:40]}”")]
    if not value.is_finite() or value <= 0 or (most is not None and value > Decimal(most)):
        bound = f"且不超过 {most}" if most is not None else ""
        return [violation(field, f"{label}应大于零{bound}，现为 {text[:40]}")]
    return []
