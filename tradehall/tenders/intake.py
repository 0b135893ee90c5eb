"""Takes reports in, one after the other, against what is known already; leaves the rows to write.

Pure: no database, no clock. `services.record_notices` loads a `Shelf`, lets it take a batch, and writes what it made.
What one report teaches the next must also be read back by the next batch: grouping may not hang on where batches end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.kernel.times import parse_rfc3339
from tradehall.tenders import deadlines, lots, matching, merging, numbers, rendition
from tradehall.tenders.deadlines import Deadline
from tradehall.tenders.lots import KnownLot, dicts
from tradehall.tenders.rendition import Numbers, Rendition
from tradehall.tenders.reports import NoticeReport

_FROM_PLATFORM = ("notice_no", "version", "project_no", "project_title", "replaces", "moved_from")
_NUL = "\\u0000"


@dataclass(frozen=True, slots=True)
class Receipt:
    status: Literal["accepted", "unchanged"]
    notice_no: str
    version: int
    project_no: str


@dataclass(slots=True)
class KnownNotice:
    """The newest version. `only_enriched`: no full report stands behind it; `was_enriched`: some values came later."""

    version: int
    rendition: Rendition
    only_enriched: bool = False
    was_enriched: bool = False


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
    learnt: list[tuple[object, ...]] = field(default_factory=list)
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
    deadlines: dict[str, dict[str, Deadline]] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    learnt: set[str] = field(default_factory=set)
    rows: Rows = field(default_factory=Rows)


def take(shelf: Shelf, report: NoticeReport, stated: Rendition) -> Receipt:
    """One report. Content seen before is unchanged; any other is accepted, though it may add no new version."""
    refuse_if(_too_long(report))
    notice_no = numbers.reported_notice_no(report.system, report.source_id)
    known = shelf.notices.get(notice_no)
    if known and (notice_no, report.source_digest) in shelf.seen:
        version = shelf.seen[notice_no, report.source_digest]
        return Receipt("unchanged", notice_no, version, str(known.rendition["project_no"]))
    value = _next_version(shelf, report, stated, known) if known else _first_version(shelf, report, stated)
    version = int(str(value["version"]))
    if known is None or version > known.version:
        keep(shelf, report.system, value)
    shelf.notices[notice_no] = KnownNotice(
        version=version,
        rendition=value,
        only_enriched=report.enriches and (known is None or known.only_enriched),
        was_enriched=report.enriches or (known is not None and known.was_enriched),
    )
    shelf.seen[notice_no, report.source_digest] = version
    source = (report.system, report.source_id, report.source_digest, notice_no, version, report.enriches)
    shelf.rows.sources.append(source)
    if report.raw:
        shelf.rows.originals.append((notice_no, version, report.raw.replace("\0", "\ufffd")))
    return Receipt("accepted", notice_no, version, str(value["project_no"]))


def keep(shelf: Shelf, system: str, value: Rendition) -> None:
    """Hand a new version on to the rows, and to the next report of the same batch."""
    text, content = _writable(value)
    notice_no, project_no = str(value["notice_no"]), str(value["project_no"])
    attempt, closes_at = int(str(value["attempt"])), value["closes_at"]
    lot_nos = _lot_nos_of(shelf, value)
    _open_attempts(shelf, lot_nos, attempt)
    shelf.rows.notices.append(
        NewNotice(
            notice_no=notice_no,
            version=int(str(value["version"])),
            project_no=project_no,
            attempt=attempt,
            kind=str(value["kind"]),
            line=str(value["line"]),
            nature=str(value["nature"]),
            system=system,
            published_at=parse_rfc3339(str(value["published_at"])),
            closes_at=parse_rfc3339(closes_at) if isinstance(closes_at, str) else None,
            text=text,
            digest_sha256=sha256_hex(content),
            digest_sm3=sm3_hex(content),
            lot_nos=lot_nos,
        )
    )
    shelf.rows.parties.update(dict.fromkeys(rendition.parties_of(value)))
    named = closes_at if isinstance(closes_at, str) else None
    one = Deadline(attempt, str(value["published_at"]), named, frozenset(lot_nos))
    shelf.deadlines.setdefault(project_no, {})[notice_no] = one


def settle(shelf: Shelf) -> None:
    """After the last report: the rows of new projects and what known ones learnt, with all the batch taught them."""
    for project_no, line in shelf.made.items():
        known = shelf.projects[project_no]
        shelf.rows.projects.append((project_no, known.title, line, known.system, *_learnable(known)))
    for project_no in sorted(shelf.learnt - shelf.made.keys()):
        shelf.rows.learnt.append((project_no, *_learnable(shelf.projects[project_no])))


def _learnable(known: matching.Known) -> tuple[object, ...]:
    parties = (known.principal, known.principal_uscc, known.agency, known.agency_uscc)
    return (known.code, known.district, *parties)


def _too_long(report: NoticeReport) -> list[Violation]:
    """What no column holds: one such record must not cost the others of its batch."""
    sizes = [("system", report.system, 64), ("source_id", report.source_id, 300), ("district", report.district, 6)]
    sizes.append(("project.code", report.project.code, 200))
    for number, lot in enumerate(report.lots):
        sizes.append((f"lots[{number}].source_no", lot.source_no, 200))
        sizes.append((f"lots[{number}].unified_code", lot.unified_code, 40))
    return [
        Violation("too_long", f"{name} 有 {len(text)} 个字符，最多 {most} 个；本条没有保存", name)
        for name, text, most in sizes
        if text and len(text) > most
    ]


def _writable(value: Rendition) -> tuple[str, bytes]:
    """The canonical text and its bytes, or a refusal when it holds what no database text can: NUL, half a character."""
    try:
        content = rendition.bytes_of(value)
        text = content.decode()
    except UnicodeEncodeError:
        text, content = _NUL, b""
    # An even number of backslashes before u0000 is text about a NUL, not one; refusing it too costs nobody anything.
    if _NUL in text:
        message = "内容含有空字符或不完整的字符编码，无法保存；本条没有保存，请更正编码后重新报送"
        refuse_if([Violation("unreadable_text", message)])
    return text, content


def _first_version(shelf: Shelf, report: NoticeReport, stated: Rendition) -> Rendition:
    notice_no = numbers.reported_notice_no(report.system, report.source_id)
    project, kind = _project(shelf, report, stated)
    shelf.rows.matches.append((notice_no, project.project_no, kind))
    named = _numbered(shelf, project.project_no, report, stated["lots"])
    given = Numbers(
        notice_no=notice_no,
        version=1,
        project_no=project.project_no,
        project_title=project.title,
        lot_nos=tuple(str(lot["lot_no"]) for lot in named),
        district_name=shelf.districts.get(report.district or ""),
    )
    value = rendition.number(stated, given)
    if not deadlines.is_correction(value):
        return value
    earlier = shelf.deadlines.get(project.project_no, {}).values()
    moved = deadlines.moved_by(value, given.lot_nos or (numbers.lot_no(project.project_no, 0),), earlier)
    return deadlines.with_moved(value, moved) if moved else value


def _next_version(shelf: Shelf, report: NoticeReport, stated: Rendition, known: KnownNotice) -> Rendition:
    """An enrichment fills gaps; a full report replaces, but keeps what only enrichments had said."""
    newest = known.rendition
    content = {**stated, "district_name": shelf.districts.get(report.district or "")}
    if report.enriches:
        content = merging.enrich(newest, content)
    elif known.only_enriched or known.was_enriched:
        content = merging.enrich(content, newest)
    content = {**content, **{key: newest[key] for key in _FROM_PLATFORM}}
    project = shelf.projects[str(newest["project_no"])]
    content["lots"] = _numbered(shelf, project.project_no, report, content["lots"])
    if matching.may_join(project, report, matching.EXACT_NAME):
        _learn(shelf, project, report, stated)
    if deadlines.with_moved(content, newest["moved_from"]) == newest:
        return newest
    moved = newest["closes_at"] if newest["closes_at"] not in (None, content["closes_at"]) else None
    # What a correction moved it has still moved when more is said about it.
    moved = moved or (newest["moved_from"] if deadlines.is_correction(content) else None)
    moved = moved if moved != content["closes_at"] else None
    return {**deadlines.with_moved(content, moved), "version": known.version + 1, "replaces": known.version}


def _project(shelf: Shelf, report: NoticeReport, stated: Rendition) -> tuple[matching.Known, str]:
    keys = matching.keys(report)
    for key in keys:
        known = shelf.projects.get(shelf.keys.get(key.digest, ""))
        if known and matching.may_join(known, report, key.kind):
            _learn(shelf, known, report, stated)
            return known, key.kind
    free = next((key for key in keys if key.digest not in shelf.keys), None)
    base = free.digest if free else f"{report.system}\0{report.source_id}"
    return _new_project(shelf, report, stated, numbers.reported_project_no(base)), matching.FIRST


def _new_project(shelf: Shelf, report: NoticeReport, stated: Rendition, project_no: str) -> matching.Known:
    known = matching.Known(project_no, matching.hidden(report.project.name), system=report.system)
    shelf.projects[project_no] = known
    shelf.lots[project_no] = []
    shelf.made[project_no] = report.line
    _learn(shelf, known, report, stated)
    return known


def _learn(shelf: Shelf, known: matching.Known, report: NoticeReport, stated: Rendition) -> None:
    """A project found by name now answers to the code as well, and the other way round."""
    for key in matching.keys(report):
        if key.digest not in shelf.keys:
            shelf.keys[key.digest] = known.project_no
            shelf.rows.keys.append((key.digest, known.project_no))
    if known.is_native:
        return
    before = _learnable(known)
    code = stated["project_code"]
    known.code = known.code or (str(code) if code else None)
    known.district = known.district or report.district
    known.principal, known.principal_uscc = _party(known.principal, known.principal_uscc, stated["principal"])
    known.agency, known.agency_uscc = _party(known.agency, known.agency_uscc, stated["agency"])
    if _learnable(known) != before:
        shelf.learnt.add(known.project_no)


def _party(name: str | None, uscc: str | None, stated: object) -> tuple[str | None, str | None]:
    """A party once known stays; its code may come later, with the same name."""
    if not isinstance(stated, dict) or not stated["name"]:
        return name, uscc
    said, code = str(stated["name"]), stated.get("uscc")
    if name and matching.plain_name(name) != matching.plain_name(said):
        return name, uscc
    return name or said, uscc or (str(code) if code else None)


def _numbered(shelf: Shelf, project_no: str, report: NoticeReport, stated: object) -> list[dict[str, object]]:
    source_nos = {matching.hidden(claim.name): claim.source_no for claim in report.lots}
    found, made = lots.numbered(project_no, shelf.lots[project_no], stated, source_nos)
    write_lots(shelf, project_no, made)
    return found


def write_lots(shelf: Shelf, project_no: str, made: Iterable[KnownLot]) -> None:
    for one in made:
        shelf.rows.lots.append((one.lot_no, project_no, one.number, one.name, one.source_no, one.unified_code))


def _lot_nos_of(shelf: Shelf, value: Rendition) -> tuple[str, ...]:
    """The lots a notice names; for one that names none the whole project, made when a report first needs it."""
    named = tuple(str(lot["lot_no"]) for lot in dicts(value["lots"]))
    if named:
        return named
    project_no = str(value["project_no"])
    one = lots.whole(project_no, shelf.projects[project_no].title)
    if not any(lot.number == 0 for lot in shelf.lots[project_no]):
        shelf.lots[project_no].append(one)
        write_lots(shelf, project_no, [one])
    return (one.lot_no,)


def _open_attempts(shelf: Shelf, lot_nos: tuple[str, ...], attempt: int) -> None:
    for lot_no in lot_nos:
        if (lot_no, attempt) not in shelf.attempts:
            shelf.attempts.add((lot_no, attempt))
            shelf.rows.attempts.append((lot_no, attempt))
