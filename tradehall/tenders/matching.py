"""Which project a report belongs to: by its code, else by its name and principal, else by its name alone.

Pure: says under which keys to look and whether what was found may be the same project. Similarity is never guessed.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from tradehall.kernel.masking import mask_personal
from tradehall.kernel.names import normalise_name, normalise_title
from tradehall.tenders.reports import NoticeReport

CODE, EXACT_NAME, FIRST, MANUAL = "code", "exact_name", "first", "manual"
# A shorter name says too little to stand for a project by itself ("体育馆", "办公家具采购").
NAME_ALONE_FROM = 10
# Two batches' worth: the same names come again within a file, and each is normalised several times on its way.
_CACHED = 16_384

plain_name = lru_cache(maxsize=_CACHED)(normalise_name)
plain_title = lru_cache(maxsize=_CACHED)(normalise_title)
hidden = lru_cache(maxsize=_CACHED)(mask_personal)


@dataclass(frozen=True, slots=True)
class Key:
    digest: str
    kind: str


@dataclass(slots=True)
class Known:
    """What is known of a project when a report asks whether it belongs there; texts as published, so masked."""

    project_no: str
    title: str
    code: str | None = None
    principal: str | None = None
    district: str | None = None
    system: str | None = None
    is_native: bool = False
    principal_uscc: str | None = None
    agency: str | None = None
    agency_uscc: str | None = None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=_CACHED)
def code_key(line: str, code: str) -> Key:
    return Key(_digest("code", line, plain_title(code)), CODE)


@lru_cache(maxsize=_CACHED)
def name_key(line: str, name: str, principal: str | None) -> Key:
    return Key(_digest("name", line, plain_title(name), plain_name(principal or "")), EXACT_NAME)


def keys(report: NoticeReport) -> tuple[Key, ...]:
    """From the strongest to the weakest; a report with neither code nor a telling name has its own identity only."""
    found = [code_key(report.line, report.project.code)] if report.project.code else []
    name, principal = report.project.name, report.principal.name if report.principal else None
    if principal:
        found.append(name_key(report.line, name, principal))
    if len(plain_title(name)) >= NAME_ALONE_FROM:
        found.append(name_key(report.line, name, None))
    return tuple(found) or (Key(_digest("notice", report.system, report.source_id), FIRST),)


def may_join(known: Known, report: NoticeReport, kind: str) -> bool:
    """A name never joins what codes, principals or districts tell apart."""
    if kind == CODE:
        return True
    stated = report.principal.name if report.principal else None
    pairs = (
        (known.code and plain_title(known.code), report.project.code and plain_title(hidden(report.project.code))),
        (known.principal and plain_name(known.principal), stated and plain_name(hidden(stated))),
        (known.district and known.district[:4], report.district and report.district[:4]),
    )
    return not any(one and other and one != other for one, other in pairs)
