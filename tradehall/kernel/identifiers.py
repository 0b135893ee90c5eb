"""Identifiers with check characters: organisations, citizens and deals. Letter-exact, upper case, half width.

A good check character says that a code was copied well, not that it was ever issued.
"""

import re
from collections.abc import Callable
from datetime import date

from tradehall.kernel.checks import (
    mod11_2_check,
    mod31_check,
    mod37_2_check,
    organisation_check,
)

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]", re.ASCII)
_CITIZEN = re.compile(r"\d{17}[0-9X]", re.ASCII)
_DEAL_PARTS = re.compile(r"([A-Z]\d\d)([0-9A-Z]{18})(\d{8})(\d{6})([0-9A-Z*])", re.ASCII)
_CLASSIFICATION = re.compile(r"[A-Z]\d\d", re.ASCII)
_SECONDS = ("12345", "123", "1234567", "123456", "01234", "12345", "1", "123")
_PROVINCES = frozenset(f"{first}{second}" for first, each in enumerate(_SECONDS, 1) for second in each)


def check_uscc(text: str) -> None:
    """统一社会信用代码, GB 32100: 18 characters, the last one checks the rest and 9–17 are an organisation code."""
    if not _USCC.fullmatch(text):
        raise ValueError(f"统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）：{text[:40]}")
    if compute_uscc_check(text[:17]) != text[17]:
        raise ValueError(f"统一社会信用代码校验位不符：{text}")


def is_uscc(text: str) -> bool:
    return bool(_USCC.fullmatch(text)) and compute_uscc_check(text[:17]) == text[17]


def compute_uscc_check(first_17: str) -> str:
    return mod31_check(first_17)


def check_organisation_code(text: str) -> None:
    """组织机构代码, GB 11714: eight characters and a check, with or without the hyphen."""
    if not _ORGANISATION.fullmatch(text):
        raise ValueError(f"组织机构代码应为 8 位本体代码加 1 位校验码：{text[:40]}")
    if compute_organisation_check(text[:8]) != text[-1]:
        raise ValueError(f"组织机构代码校验码不符：{text}")


def is_organisation_code(text: str) -> bool:
    return bool(_ORGANISATION.fullmatch(text)) and compute_organisation_check(text[:8]) == text[-1]


def compute_organisation_check(first_8: str) -> str:
    return organisation_check(first_8)


def check_citizen_id(text: str) -> None:
    """公民身份号码, GB 11643. Messages never repeat the number: it is personal data."""
    if not _CITIZEN.fullmatch(text):
        raise ValueError("公民身份号码应为 17 位数字加 1 位校验码")
    if text[:2] not in _PROVINCES or not has_birth_date(text[6:14]):
        raise ValueError("公民身份号码的地区或出生日期不存在")
    if compute_citizen_check(text[:17]) != text[17]:
        raise ValueError("公民身份号码校验码不符")


def is_citizen_id(text: str) -> bool:
    return _holds(check_citizen_id, text)


def compute_citizen_check(first_17: str) -> str:
    return mod11_2_check(first_17)


def has_birth_date(yyyymmdd: str) -> bool:
    """Whether these eight digits are a day on which somebody now alive can have been born."""
    return _is_date(yyyymmdd) and "1900" <= yyyymmdd[:4] <= "2099"


def is_province(two_digits: str) -> bool:
    return two_digits in _PROVINCES


def check_unified_deal_code(text: str) -> None:
    """统一交易标识码 in any of its forms that carry the classification (36 characters, or 40 with hyphens)."""
    normalise_unified_deal_code(text)


def is_unified_deal_code(text: str) -> bool:
    return _holds(check_unified_deal_code, text)


def compute_unified_deal_check(first_35: str) -> str:
    """ISO/IEC 7064 MOD 37-2 over the 35 characters without hyphens."""
    return mod37_2_check(first_35)


def normalise_unified_deal_code(text: str, classification: str | None = None) -> str:
    """The full form with hyphens of a code written in 33, 36 or 40 characters, checked on the way.

    The 33-character form lacks its classification, which still feeds the check: the caller must know it.
    """
    bare = text.replace("-", "")
    if len(bare) == 33:
        if classification is None or not _CLASSIFICATION.fullmatch(classification):
            raise ValueError(f"33 位的统一交易标识码缺少公共资源交易分类代码，无法校验：{text}")
        bare = classification + bare
    found = _DEAL_PARTS.fullmatch(bare)
    if found is None or ("-" in text and "-".join(found.groups()[-text.count("-") - 1 :]) != text):
        raise ValueError(f"统一交易标识码应形如 A01-18位平台代码-年月日-6位序号-校验位：{text[:60]}")
    return "-".join(_checked_parts(found.groups(), text))


def _checked_parts(parts: tuple[str, ...], text: str) -> tuple[str, ...]:
    if not is_uscc(parts[1]):
        raise ValueError(f"统一交易标识码中的平台代码不是有效的统一社会信用代码：{text}")
    if not _is_date(parts[2]):
        raise ValueError(f"统一交易标识码中的日期不存在：{text}")
    if compute_unified_deal_check("".join(parts[:4])) != parts[4]:
        raise ValueError(f"统一交易标识码校验位不符：{text}")
    return parts


def _is_date(yyyymmdd: str) -> bool:
    try:
        date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:8]))
    except ValueError:
        return False
    return True


def _holds(check: Callable[[str], None], text: str) -> bool:
    try:
        check(text)
    except ValueError:
        return False
    return True
