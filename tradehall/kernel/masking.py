"""Hides mobile numbers and citizen ids in free text before anything is published.

Codes that merely look alike (organisation codes, amounts, longer numbers) and landlines stay. Not a promise that no
personal data is left: names and addresses are somebody else's duty.
"""

import re
from collections.abc import Iterator

from tradehall.kernel.identifiers import has_birth_date, is_citizen_id, is_province, is_uscc

_WIDE = str.maketrans(
    "０１２３４５６７８９ＸｘＴｔＥｅＬｌ＋－",
    "0123456789XxTtEeLl+-",
)
_HAS_WIDE = re.compile("[０-９]")
_IS_WIDE = re.compile("[０-９ＸｘＴｔＥｅＬｌ＋－]")
# Letters or digits right before a number make it part of a code, unless they are the words people put there.
_FREE = (
    r"(?:(?<![0-9A-Za-z])|(?<=[Tt]el)|(?<=TEL)|(?<=[Pp]hone)|(?<=PHONE)|(?<=[Mm]obile)|(?<=MOBILE)|(?<=[Mm]ob)"
    r"|(?<=WeChat)|(?<=[Ww]x)|(?<=ID)|(?<=\bid))"
)
# Whatever is sensitive begins where a run of digits begins, at its plus sign or behind it: there alone is a look needed.
_BEGINS = re.compile(r"\+?[0-9]{2,}")
_SENSITIVE = re.compile(
    rf"{_FREE}(?<!\d\.)(?P<country>(?:\+|00)?86[ -]?)?(?P<mobile>1[3-9]\d{{9}})(?![0-9A-Za-z]|\.\d|\s*(?:万|亿)?元)"
    r"|(?<![0-9A-Za-z-])(?P<country_2>(?:\+|00)?86[ -]?)?"
    r"(?P<grouped>1[3-9]\d[ 　-]\d{4}[ 　-]?\d{4})(?![0-9A-Za-z]|-\d|\.\d)"
    rf"|{_FREE}(?P<citizen>\d{{17}}[0-9Xx])(?![0-9A-Za-z])"
    rf"|{_FREE}(?P<old_citizen>\d{{15}})(?![0-9A-Za-z]|\.\d|\s*(?:万|亿)?元)",
    re.ASCII,
)
_KEPT = 3


def mask_personal(text: str) -> str:
    """`text` with the digits of mobile numbers and citizen ids after the third replaced by stars; same length."""
    plain = _IS_WIDE.sub(_narrow, text) if _HAS_WIDE.search(text) else text
    pieces, done = [], 0
    for found in _sensitive(plain):
        start, end = _span(found)
        if start < end:
            pieces += [text[done:start], text[start : start + _KEPT], _stars(text[start + _KEPT : end])]
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def _narrow(found: re.Match[str]) -> str:
    return found[0].translate(_WIDE)


def _sensitive(plain: str) -> Iterator[re.Match[str]]:
    """What `_SENSITIVE` finds anywhere in the text, one behind the other."""
    done = 0
    for run in _BEGINS.finditer(plain):
        start = run.start()
        for place in (start, start + 1) if plain[start] == "+" else (start,):
            found = _SENSITIVE.match(plain, place) if place >= done else None
            if found:
                done = found.end()
                yield found


def _span(found: re.Match[str]) -> tuple[int, int]:
    kind = next(name for name in ("mobile", "grouped", "citizen", "old_citizen") if found[name])
    personal = {"citizen": _is_personal_18, "old_citizen": _is_personal_15}.get(kind)
    return found.span(kind) if personal is None or personal(found[kind].upper()) else (0, 0)


def _is_personal_18(digits: str) -> bool:
    # A well-formed id with a wrong check character is still somebody's, mistyped; an organisation's code is not.
    if is_uscc(digits) and not is_citizen_id(digits):
        return False
    return is_province(digits[:2]) and has_birth_date(digits[6:14])


def _is_personal_15(digits: str) -> bool:
    return is_province(digits[:2]) and has_birth_date("19" + digits[6:12])


def _stars(text: str) -> str:
    return re.sub(r"[^ 　-]", "*", text)
