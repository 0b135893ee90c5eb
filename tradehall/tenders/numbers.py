"""The numbers people read: derived, never drawn, so that a repeated import gives the same ones.

Native numbers count within their month or day; the caller holds the lock under which they are counted.
"""

import hashlib
from datetime import date
from functools import lru_cache

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_LOTS = 99_999


@lru_cache(maxsize=8_192)
def _base32(text: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), "big")
    return "".join([_CROCKFORD[(number >> (5 * place)) & 31] for place in range(length)])


def reported_project_no(key: str) -> str:
    return "R" + _base32(key, 12)


def reported_notice_no(system: str, source_id: str) -> str:
    return "B" + _base32(f"{system}\0{source_id}", 14)


def lot_no(project_no: str, number: int) -> str:
    """Three digits (more only beyond 999); 000 stands for the whole project."""
    if not 0 <= number <= MAX_LOTS:
        raise ValueError(f"a project has at most {MAX_LOTS} lots, not {number}")
    return f"{project_no}-{number:03d}"


def native_project_no(prefix: str, day: date, count: int) -> str:
    return f"{prefix}-{day:%Y-%m}-{count:04d}"


def native_notice_no(day: date, count: int) -> str:
    return f"N{day:%Y%m%d}{count:06d}"
