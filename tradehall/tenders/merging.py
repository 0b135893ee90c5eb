"""Fills the gaps of a notice's newest version with what a later report states about the same notice.

Pure. What was stated already is never changed here: a source that means something else sends a new content.
"""

from tradehall.tenders.matching import plain_name
from tradehall.tenders.rendition import Rendition

_OPTIONAL = (
    "project_code", "principal", "agency", "district", "district_name", "method", "classification",
    "opens_at", "closes_at", "amount", "reason", "body", "changes",
)  # fmt: skip
_ABSENT: tuple[object, ...] = (None, "", [], {})


def enrich(newest: Rendition, stated: Rendition) -> Rendition:
    """`newest` with its gaps filled from `stated`; equal to `newest` when nothing was missing."""
    merged = dict(newest)
    for key in _OPTIONAL:
        if newest.get(key) in _ABSENT and stated.get(key) not in _ABSENT:
            merged[key] = stated[key]
    for key in ("principal", "agency"):
        merged[key] = _same_party(merged.get(key), stated.get(key))
    merged["facts"] = _fill(newest["facts"], stated["facts"])
    merged["lots"] = _fill(newest["lots"], stated["lots"])
    merged["terms"] = sorted(_union(newest["terms"], stated["terms"], "code"), key=_term_order)
    merged["attachments"] = _union(newest["attachments"], stated["attachments"], "sha256")
    merged["findings"] = _union(newest["findings"], stated["findings"], "message")
    return _more_precise(merged, stated)


def _same_party(ours: object, theirs: object) -> object:
    same = isinstance(ours, dict) and isinstance(theirs, dict) and _name(ours) == _name(theirs)
    return _fill(ours, theirs) if same else ours


def _fill(ours: object, theirs: object) -> object:
    """Gaps of a mapping by key, gaps of a list of parties or lots by their name; anything else stays."""
    if ours in _ABSENT:
        return theirs if theirs not in _ABSENT else ours
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return {**theirs, **{key: _fill(value, theirs.get(key)) for key, value in ours.items()}}
    if isinstance(ours, list) and isinstance(theirs, list):
        by_name = {_name(row): row for row in reversed(theirs) if _name(row)}
        return [_fill(row, by_name[_name(row)]) if _name(row) in by_name else row for row in ours]
    return ours


def _name(row: object) -> str:
    return plain_name(str(row.get("name") or "")) if isinstance(row, dict) else ""


def _union(ours: object, theirs: object, key: str) -> list[object]:
    mine = list(ours) if isinstance(ours, list) else []
    seen = {row.get(key) for row in mine if isinstance(row, dict)}
    for row in theirs if isinstance(theirs, list) else []:
        if isinstance(row, dict) and row.get(key) not in seen:
            seen.add(row.get(key))
            mine.append(row)
    return mine


def _term_order(row: object) -> tuple[str, str]:
    return (str(row["value_at"]), str(row["code"])) if isinstance(row, dict) else ("", "")


def _more_precise(merged: Rendition, stated: Rendition) -> Rendition:
    vague = merged["published_precision"] == "day" and stated["published_precision"] == "minute"
    if vague and str(merged["published_at"])[:10] == str(stated["published_at"])[:10]:
        return {**merged, "published_at": stated["published_at"], "published_precision": "minute"}
    return merged
