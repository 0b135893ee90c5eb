"""Releases in the order of the journal, for the API and for the export: both give the same releases in the same order.

Reads sealed entries and published renditions only. A release never depends on when it is made: what it takes from other
notices of its project comes from entries that stand before its own.
"""

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tradehall.disclosure.ocds import mapping, packages
from tradehall.disclosure.ocds.mapping import Frame
from tradehall.disclosure.ocds.parts import Json
from tradehall.journal import selectors as journal
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import rfc3339
from tradehall.tenders import selectors as tenders
from tradehall.tenders.kinds import KINDS

CODES = ("tenders.publish_notice", "tenders.report_notice", "tenders.correct_notice")
AWARDING = tuple(kind.code for kind in KINDS.values() if kind.stage in ("result", "allocation"))
PACKAGE_RELEASES = 10_000
READ_RELEASES = 500  # renditions held in memory at once, however long the export
CLOSED = "]}\n"
Placed = tuple[int, Json]  # position in the log, and a rendition or a release


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote; `position` is where the next one goes on (`--since`)."""

    releases: int
    processes: int
    position: int


def frame() -> Frame:
    return Frame(settings.OCID_PREFIX, settings.SITE_URL)


def releases_after(position: int, limit: int) -> tuple[list[Placed], int | None]:
    """(position, release) of at most `limit` notice versions above `position`, and where to go on if there are more."""
    entries = journal.entries_after(position, limit + 1, CODES)
    wanted = {(entry.subject_no, entry.subject_version or 1): entry.position for entry in entries[:limit]}
    placed = [(wanted[key], rendition) for key, rendition in _renditions(list(wanted)).items()]
    return _releases(sorted(placed, key=_place)), entries[limit - 1].position if len(entries) > limit else None


def record(ocid: str, *, at: datetime) -> Json:
    """The record package of one process: its releases so far, and what the standard's merge makes of them."""
    project_no = ocid.removeprefix(f"{settings.OCID_PREFIX}-")
    placed = _placed(tenders.recorded_versions([project_no])) if project_no != ocid else []
    if not placed:
        raise NotVisible(ocid)
    releases = [release for _, release in _releases(placed)]
    uri = f"{settings.SITE_URL}/api/v1/ocds/records/{ocid}"
    return packages.record_package(releases, uri=uri, published_at=rfc3339(at), publisher=settings.SITE_NAME)


def release_package(position: int, limit: int, *, at: datetime) -> tuple[Json, int | None]:
    """The package of the releases above `position`, and where the next one begins."""
    placed, following = releases_after(position, limit)
    return _package(position, at, [release for _, release in placed]), following


def export(path: Path, since: int, *, at: datetime, progress: Callable[[int], None] = lambda _: None) -> Exported:
    """Everything above `since` as gzipped lines, a release package each; the file appears when it is complete."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as target:
            with gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=6, mtime=0) as out:
                done = _write(out, since, at, progress)
            target.flush()
            os.fsync(target.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return done


def _write(out: gzip.GzipFile, since: int, at: datetime, progress: Callable[[int], None]) -> Exported:
    count, position = 0, since
    processes: set[str] = set()  # a few dozen bytes a project is all that grows
    for place, release in _walk(since):
        if count % PACKAGE_RELEASES == 0:
            head = _text(_package(position, at, [])).removesuffix("]}")
            out.write(((CLOSED if count else "") + head).encode())
        else:
            out.write(b",")
        out.write(_text(release).encode())
        count, position = count + 1, place
        processes.add(release["ocid"])
        if count % READ_RELEASES == 0:
            progress(count)
    out.write((CLOSED if count else "").encode())
    progress(count)
    return Exported(count, len(processes), position)


def _walk(position: int | None) -> Iterator[Placed]:
    while position is not None:
        releases, position = releases_after(position, READ_RELEASES)
        yield from releases


def _package(position: int, at: datetime, releases: Sequence[Json]) -> Json:
    uri = f"{settings.SITE_URL}/api/v1/ocds/releases?after={position}"
    return packages.release_package(releases, uri=uri, published_at=rfc3339(at), publisher=settings.SITE_NAME)


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _releases(placed: Sequence[Placed]) -> list[Placed]:
    around, earlier = frame(), _earlier_awards([rendition for _, rendition in placed])
    made = []
    for place, one in placed:
        awards = _awards_before(place, earlier.get(one["project_no"], []))
        made.append((place, mapping.to_release(one, frame=around, award_ids=awards)))
    return made


def _earlier_awards(renditions: Sequence[Json]) -> Mapping[str, list[tuple[int, dict[str, str]]]]:
    """Project → (position, supplier → award id) of its results in the order of the log; asked for contracts only."""
    projects = sorted({one["project_no"] for one in renditions if one["stage"] == "contract"})
    found: defaultdict[str, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    if projects:
        for place, result in _placed(tenders.recorded_versions(projects, AWARDING)):
            found[result["project_no"]].append((place, mapping.awards_by_supplier(result)))
    return found


def _awards_before(place: int, awards: Sequence[tuple[int, dict[str, str]]]) -> dict[str, str]:
    return {supplier: award for at, stated in awards if at < place for supplier, award in stated.items()}


def _placed(versions: Sequence[tuple[str, int]]) -> list[Placed]:
    """The sealed ones of these versions with their positions, in the order of the log."""
    places = journal.positions_of("notice", versions, CODES)
    return sorted(((places[key], one) for key, one in _renditions(list(places)).items()), key=_place)


def _renditions(versions: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Json]:
    return {(str(one["notice_no"]), int(str(one["version"]))): one for one in tenders.renditions(versions)}


def _place(placed: Placed) -> int:
    return placed[0]
