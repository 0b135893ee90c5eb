"""Takes reports in, one after the other, against what is known already; leaves the rows to write.

Pure: no database, no clock. `services.record_notices` loads a `Shelf`, lets it take a batch, and writes what it made.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.kernel.names import normalise_name
from tradehall.kernel.times import parse_rfc3339
from tradehall.tenders import matching, merging, numbers, rendition
from tradehall.tenders.rendition import Numbers, Rendition
from tradehall.tenders.reports import NoticeReport

_FROM_PLATFORM = ("notice_no", "version", "project_no", "project_title", "replaces", "moved_from", "district_name")


@dataclass(frozen=True, slots=True)
class Receipt:
    status: Literal["accepted", "unchanged"]
    notice_no: str
    version: int
    project_no: str


@dataclass(slots=True)
class KnownNotice:
    """The newest version. `only_enriched`: no full report stood behind it yet; `was_enriched`: some values came later."""

    version: int
    rendition: Rendition
    only_enriched: bool = False
    was_enriched: bool = False


@dataclass(frozen=True, slots=True)
class KnownLot:
    lot_no: str
    number: int
    name: str
    source_no: str | None
    unified_code: str | None


@dataclass(frozen=True, slots=True)
class NewNotice:
    notice_no: str
    version: int
    project_no: str
    attempt: int
    kind: str
    line: str
    nature: str
    system: str
    published_at: datetime
    closes_at: datetime | None
    text: str
    digest_sha256: str
    digest_sm3: str
    lot_nos: tuple[str, ...]


@dataclass(slots=True)
class Rows:
    """What a batch leaves, in the order in which it came."""

    projects: list[tuple[object, ...]] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)
    matches: list[tuple[str, str, str]] = field(default_factory=list)
    lots: list[tuple[str, str, int, str, str | None, str | None]] = field(default_factory=list)
    attempts: list[tuple[str, int]] = field(default_factory=list)
    notices: list[NewNotice] = field(default_factory=list)
    sources: list[tuple[str, str, str, str, int, bool]] = field(default_factory=list)
    originals: list[tuple[str, int, str]] = field(default_factory=list)
    parties: dict[tuple[str, str | None], None] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Everything the reports of a batch may touch, and the rows they leave."""

    districts: dict[str, str] = field(default_factory=dict)
    notices: dict[str, KnownNotice] = field(default_factory=dict)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    projects: dict[str, matching.Known] = field(default_factory=dict)
    lots: dict[str, list[KnownLot]] = field(default_factory=dict)
    attempts: set[tuple[str, int]] = field(default_factory=set)
    rows: Rows = field(default_factory=Rows)


def take(shelf: Shelf, report: NoticeReport, stated: Rendition) -> Receipt:
    """One report: unchanged when its content was seen before, else the first or next version of its notice."""
    notice_no = numbers.reported_notice_no(report.system, report.source_id)
    known = shelf.notices.get(notice_no)
    if known and (notice_no, report.source_digest) in shelf.seen:
        version = shelf.seen[notice_no, report.source_digest]
        return Receipt("unchanged", notice_no, version, str(known.rendition["project_no"]))
    value = _next_version(shelf, report, stated, known) if known else _first_version(shelf, report, stated)
    version = int(str(value["version"]))
    is_new = known is None or version > known.version
    if is_new:
        _keep(shelf, report, value, known)
    shelf.seen[notice_no, report.source_digest] = version
    source = (report.system, report.source_id, report.source_digest, notice_no, version, report.enriches)
    shelf.rows.sources.append(source)
    if report.raw:
        shelf.rows.originals.append((notice_no, version, report.raw))
    return Receipt("accepted" if is_new else "unchanged", notice_no, version, str(value["project_no"]))


def _first_version(shelf: Shelf, report: NoticeReport, stated: Rendition) -> Rendition:
    notice_no = numbers.reported_notice_no(report.system, report.source_id)
    project, kind = _project(shelf, report, stated)
    shelf.rows.matches.append((notice_no, project.project_no, kind))
    given = Numbers(
        notice_no=notice_no,
        version=1,
        project_no=project.project_no,
        project_title=project.title,
        lot_nos=_lot_nos(shelf, project, report, stated),
        district_name=shelf.districts.get(report.district or ""),
    )
    return rendition.number(stated, given)


def _next_version(shelf: Shelf, report: NoticeReport, stated: Rendition, known: KnownNotice) -> Rendition:
    """An enrichment fills gaps; a full report replaces, but keeps what only enrichments had said."""
    newest = known.rendition
    if report.enriches:
        content = merging.enrich(newest, {**stated, "district_name": shelf.districts.get(report.district or "")})
    else:
        content = {**stated, "district_name": shelf.districts.get(report.district or "")}
        if known.only_enriched or known.was_enriched:
            content = merging.enrich(content, newest)
    content = {**content, **{key: newest[key] for key in _FROM_PLATFORM if key != "district_name"}}
    project = shelf.projects[str(newest["project_no"])]
    content["lots"] = _numbered(shelf, project, report, content["lots"])
    if content == newest:
        return newest
    moved = newest["closes_at"] if newest["closes_at"] not in (None, content["closes_at"]) else None
    return {**content, "version": known.version + 1, "replaces": known.version, "moved_from": moved}


def _keep(shelf: Shelf, report: NoticeReport, value: Rendition, known: KnownNotice | None) -> None:
    """Hand the new version on to the rows, and to the next report of the same batch."""
    text = rendition.text_of(value)
    content = text.encode()
    attempt, project_no = int(str(value["attempt"])), str(value["project_no"])
    lot_nos = tuple(str(lot["lot_no"]) for lot in _dicts(value["lots"])) or (_whole(shelf, project_no),)
    _open_attempts(shelf, lot_nos, attempt)
    closes_at = value["closes_at"]
    shelf.rows.notices.append(
        NewNotice(
            notice_no=str(value["notice_no"]),
            version=int(str(value["version"])),
            project_no=project_no,
            attempt=attempt,
            kind=str(value["kind"]),
            line=str(value["line"]),
            nature=str(value["nature"]),
            system=report.system,
            published_at=parse_rfc3339(str(value["published_at"])),
            closes_at=parse_rfc3339(closes_at) if isinstance(closes_at, str) else None,
            text=text,
            digest_sha256=sha256_hex(content),
            digest_sm3=sm3_hex(content),
            lot_nos=lot_nos,
        )
    )
    shelf.rows.parties.update(dict.fromkeys(rendition.parties_of(value)))
    shelf.notices[str(value["notice_no"])] = KnownNotice(
        version=int(str(value["version"])),
        rendition=value,
        only_enriched=report.enriches and (known is None or known.only_enriched),
        was_enriched=report.enriches or (known is not None and known.was_enriched),
    )


def _project(shelf: Shelf, report: NoticeReport, stated: Rendition) -> tuple[matching.Known, str]:
    keys = matching.keys(report)
    for key in keys:
        known = shelf.projects.get(shelf.keys.get(key.digest, ""))
        if known and matching.may_join(known, report, key.kind):
            _learn(shelf, known, keys, report)
            return known, key.kind
    free = next((key for key in keys if key.digest not in shelf.keys), None)
    base = free.digest if free else f"{report.system}\0{report.source_id}"
    return _new_project(shelf, report, stated, numbers.reported_project_no(base), keys), matching.FIRST


def _learn(shelf: Shelf, known: matching.Known, keys: tuple[matching.Key, ...], report: NoticeReport) -> None:
    """A project found by name now answers to the code as well, and the other way round."""
    known.code = known.code or report.project.code
    known.principal = known.principal or (report.principal.name if report.principal else None)
    known.district = known.district or report.district
    for key in keys:
        if key.digest not in shelf.keys:
            shelf.keys[key.digest] = known.project_no
            shelf.rows.keys.append((key.digest, known.project_no))


def _new_project(
    shelf: Shelf, report: NoticeReport, stated: Rendition, project_no: str, keys: tuple[matching.Key, ...]
) -> matching.Known:
    title = str(rendition.masked(report.project.name))
    known = matching.Known(project_no, title, system=report.system)
    shelf.projects[project_no] = known
    shelf.lots[project_no] = []
    principal, agency = _dict(stated["principal"]), _dict(stated["agency"])
    shelf.rows.projects.append(
        (
            project_no,
            title,
            stated["project_code"],
            report.line,
            report.district,
            report.system,
            principal.get("name"),
            principal.get("uscc"),
            agency.get("name"),
            agency.get("uscc"),
        )
    )
    _learn(shelf, known, keys, report)
    return known


def _lot_nos(shelf: Shelf, project: matching.Known, report: NoticeReport, stated: Rendition) -> tuple[str, ...]:
    return tuple(str(lot["lot_no"]) for lot in _dicts(_numbered(shelf, project, report, stated["lots"])))


def _numbered(shelf: Shelf, project: matching.Known, report: NoticeReport, lots: object) -> list[dict[str, object]]:
    """The same lots with the numbers they have in this project; lots not known yet get the next ones."""
    source_nos = {claim.name: claim.source_no for claim in report.lots}
    numbered: list[dict[str, object]] = []
    taken: set[str] = set()
    for lot in _dicts(lots):
        name, code = str(lot["name"]), lot.get("unified_code")
        unified = code if isinstance(code, str) else None
        known = _find_lot(shelf.lots[project.project_no], name, source_nos.get(name), unified, taken)
        known = known or _new_lot(shelf, project.project_no, name, source_nos.get(name), unified)
        taken.add(known.lot_no)
        numbered.append({**lot, "lot_no": known.lot_no})
    return numbered


def _find_lot(
    lots: list[KnownLot], name: str, source_no: str | None, unified_code: str | None, taken: set[str]
) -> KnownLot | None:
    free = [lot for lot in lots if lot.number and lot.lot_no not in taken]
    if unified_code:
        same = [lot for lot in free if lot.unified_code == unified_code]
        return same[0] if same else None
    plain = normalise_name(name)
    same = [lot for lot in free if normalise_name(lot.name) == plain and lot.source_no in (None, source_no)]
    return same[0] if same else None


def _new_lot(
    shelf: Shelf, project_no: str, name: str, source_no: str | None, unified_code: str | None
) -> KnownLot:
    lots = shelf.lots[project_no]
    number = max((lot.number for lot in lots), default=0) + 1
    lot = KnownLot(numbers.lot_no(project_no, number), number, name, source_no, unified_code)
    lots.append(lot)
    shelf.rows.lots.append((lot.lot_no, project_no, number, name, source_no, unified_code))
    return lot


def _whole(shelf: Shelf, project_no: str) -> str:
    """The lot that stands for the whole project, made when a report first needs it."""
    lot_no = numbers.lot_no(project_no, 0)
    if not any(lot.number == 0 for lot in shelf.lots[project_no]):
        title = shelf.projects[project_no].title
        shelf.lots[project_no].append(KnownLot(lot_no, 0, title, None, None))
        shelf.rows.lots.append((lot_no, project_no, 0, title, None, None))
    return lot_no


def _open_attempts(shelf: Shelf, lot_nos: tuple[str, ...], attempt: int) -> None:
    for lot_no in lot_nos:
        if (lot_no, attempt) not in shelf.attempts:
            shelf.attempts.add((lot_no, attempt))
            shelf.rows.attempts.append((lot_no, attempt))


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
