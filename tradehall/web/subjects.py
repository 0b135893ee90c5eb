"""What can be followed, read from an address: a project, lot or organisation by number, or a list by its conditions.

Only what the public sees can be followed; anything else is a 404, as on its own page.
"""

from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode

from django.http import Http404

from tradehall.disclosure import selectors as disclosure
from tradehall.disclosure.query import PARAMETERS, Query, parse_query
from tradehall.kernel.refusal import NotVisible
from tradehall.messages.rules import Subject
from tradehall.parties import selectors as parties
from tradehall.reference.lines import lines
from tradehall.reference.places import region
from tradehall.tenders import selectors as tenders
from tradehall.web.presenters import conditions

UNSAVED = ("page", "sort")
VIEWS = {"notices": "公告", "projects": "项目"}


def subject_of(kind: str, given: Mapping[str, str]) -> Subject:
    no = given.get("no", "").strip()[:120]
    try:
        if kind == "search":
            return _search(given)
        if kind == "project":
            return _project(no)
        if kind == "lot":
            return _lot(no)
        if kind == "organisation":
            return _organisation(no)
    except NotVisible as error:
        raise Http404(no) from error
    raise Http404(kind)


def follow_search(query: Query) -> str:
    """The address of the form by which this list is followed."""
    return f"/follow/search?{urlencode({'view': query.view, **_saved(query)})}"


def _project(no: str) -> Subject:
    notices = tenders.project_notices(no)
    if not notices:
        raise NotVisible(no)
    return Subject("project", no, f"项目：{notices[-1]['project_title']}", {})


def _lot(no: str) -> Subject:
    lot = tenders.lot(no)
    project = _project(lot.project_id)
    name = f"{lot.name}，" if lot.name else ""
    return Subject(
        "lot", lot.lot_no, f"标段：{name}{project.title.removeprefix('项目：')}", {"project": lot.project_id}
    )


def _organisation(no: str) -> Subject:
    no = parties.joined_into(no) or no
    seen = disclosure.organisation_view(no, 1)
    name = seen.name if seen else str(parties.organisation(no).name)
    return Subject("organisation", no, f"主体：{name}", {})


def _search(given: Mapping[str, str]) -> Subject:
    """Two ways of writing the same conditions are one list; values that mean nothing are left out, as the list does."""
    view = given.get("view", "") if given.get("view") in VIEWS else "notices"
    query = parse_query({name: value for name, value in given.items() if name in PARAMETERS}, view)
    unread = {note.drop for note in query.notes if note.drop}
    saved = {name: value for name, value in _saved(query).items() if name not in unread}
    digest = sha256(urlencode(sorted({"view": view, **saved}.items())).encode()).hexdigest()[:40]
    return Subject("search", digest, f"检索{VIEWS[view]}：{_words(query) or '全部'}", {"view": view, **saved})


def _saved(query: Query) -> dict[str, str]:
    return {name: value for name, value in query.parameters().items() if name not in UNSAVED}


def _words(query: Query) -> str:
    names = {code: found.name for code in (f"{one:06d}" for one in query.districts) if (found := region(code))}
    chips = conditions.chips("/", query, {line.code: line for line in lines()}, names)
    shown = [str(chip["label"]) for chip in chips if chip["label"] not in conditions.SORTS.values()]
    return "，".join(shown)
