"""Hides mobile numbers and citizen ids in free text before anything is published.

Codes that merely look alike (organisation codes, amounts, longer numbers) and landlines stay. Not a promise that no
personal data is left: names and addresses are somebody else's duty.
"""

import re

from tradehall.kernel.identifiers import has_birth_date, is_citizen_id, is_province, is_uscc

_WIDE = str.maketrans(
    "０１２３４５６７８９ＸｘＴｔＥｅＬｌ＋－",
    "0123456789XxTtEeLl+-",
)
_HAS_WIDE = re.compile("[０-９]")
# Letters or digits right before a number make it part of a code, unless they are the words people put there.
_FREE = (
    r"(?:(?<![0-9A-Za-z])|(?<=[Tt]el)|(?<=TEL)|(?<=[Pp]hone)|(?<=PHONE)|(?<=[Mm]obile)|(?<=MOBILE)|(?<=[Mm]ob)"
    r"|(?<=WeChat)|(?<=[Ww]x)|(?<=ID)|(?<=\bid))"
)
_SENSITIVE = re.compile(
    # Looked at first, for speed alone: whatever follows begins like this.
    r"(?=[0-9+])(?:"
    rf"{_FREE}(?<!\d\.)(?P<country>(?:\+|00)?86[ -]?)?(?P<mobile>1[3-9]\d{{9}})(?![0-9A-Za-z]|\.\d|\s*(?:万|亿)?元)"
    r"|(?<![0-9A-Za-z-])(?P<country_2>(?:\+|00)?86[ -]?)?"
    r"(?P<grouped>1[3-9]\d[ 　-]\d{4}[ 　-]?\d{4})(?![0-9A-Za-z]|-\d|\.\d)"
    rf"|{_FREE}(?P<citizen>\d{{17}}[0-9Xx])(?![0-9A-Za-z])"
    rf"|{_FREE}(?P<old_citizen>\d{{15}})(?![0-9A-Za-z]|\.\d|\s*(?:万|亿)?元)"
    r")",
    re.ASCII,
)
_KEPT = 3


def mask_personal(text: str) -> str:
    """`text` with the digits of mobile numbers and citizen ids after the third replaced by stars; same length."""
    plain = text.translate(_WIDE) if _HAS_WIDE.search(text) else text
    pieces, done = [], 0
    for found in _SENSITIVE.finditer(plain):
        start, end = _span(found)
        if start < end:
            pieces += [text[done:start], text[start : start + _KEPT], _stars(text[start + _KEPT : end])]
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text


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
