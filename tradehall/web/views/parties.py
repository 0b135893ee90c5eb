"""Pages about organisations and about what authorities said of them: one organisation, and the list of credit records.

Personal identifiers never appear; what expired or was revoked leaves by the clock and is only kept in history.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure import selectors as disclosure
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.selectors import OrganisationView
from tradehall.disclosure.suggestions import direct_hit
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.parties import selectors as parties
from tradehall.parties.registration_reads import Qualification
from tradehall.parties.registration_rules import label as qualification_label
from tradehall.parties.rules import KINDS
from tradehall.parties.selectors import StandingAt

ROLE_WORDS = {
    "principal": "招标、采购、出让或转让方", "agency": "代理机构", "winner": "中标、成交或受让方",
    "candidate": "候选人", "bidder": "投标、响应或竞买人", "supplier": "合同相对方",
}  # fmt: skip
STATES = {"current": "有效", "expired": "已到期", "revoked": "已撤销"}
PAGE_SIZE = 50


@require_safe
def organisation(request: HttpRequest, no: str) -> HttpResponse:
    """One organisation; a number that was joined to another code leads there, for as long as the join stands."""
    target = parties.joined_into(no)
    if target is not None:
        return HttpResponseRedirect(f"/org/{target}")
    at = platform_now()
    seen = disclosure.organisation_view(no)
    registered = _registered(no)
    if seen is None and registered is None:
        return _elsewhere(request, no)
    is_code = not no.startswith("n-")
    standings = parties.standings(at=at, uscc=no, only_current=False) if is_code else []
    name = registered or (seen.name if seen else no)
    context = {
        "no": no,
        "is_code": is_code,
        "name": name,
        "seen": seen,
        "roles": _role_rows(seen),
        "kpis": _kpis(seen),
        "standings": [_standing_row(one) for one in standings],
        "qualifications": [_qualification(one, at) for one in parties.proved_qualifications(no, at)] if is_code else [],
        "follow_href": f"/follow/organisation?no={no}",
        "joined": parties.joined_from(no) if is_code else (),
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "主体信用", "href": "/orgs"}, {"label": name, "href": ""}],
    }
    return render(request, "web/org.html", context)


def _qualification(one: Qualification, at: datetime) -> dict[str, Any]:
    """What the organisation proved; an expired certificate stays, said to be expired."""
    day = to_beijing(at).date()
    is_over = one.until_on is not None and one.until_on < day
    return {
        "kind": qualification_label("qualification", one.code),
        "name": one.name,
        "level": one.level,
        "certificate_no": one.certificate_no,
        "publisher": one.publisher,
        "until_on": one.until_on,
        "is_over": is_over,
    }


def _registered(no: str) -> str | None:
    try:
        return str(parties.organisation(no).name)
    except NotVisible:
        return None


def _elsewhere(request: HttpRequest, no: str) -> HttpResponse:
    target = direct_hit(parse_query({"q": no}))
    if target is None or target == request.path:
        raise Http404(no)
    return HttpResponseRedirect(target)


def _kpis(seen: OrganisationView | None) -> list[dict[str, Any]]:
    if seen is None:
        return []
    return [
        {"label": ROLE_WORDS[role], "value": count, "unit": "个项目"}
        for role, count in seen.counts.items()
        if role in ROLE_WORDS
    ]


def _role_rows(seen: OrganisationView | None) -> list[dict[str, Any]]:
    if seen is None:
        return []
    return [
        {
            "role": ROLE_WORDS.get(row.role, row.role),
            "title": row.notice.title,
            "href": f"/n/{row.notice.notice_no}",
            "kind": row.notice.kind_label,
            "at": row.published_at,
            "cents": row.cents,
            "place": row.place,
            "source": row.notice.source_name,
        }
        for row in seen.roles
    ]


@require_safe
def credit(request: HttpRequest) -> HttpResponse:
    """Approvals, qualifications, penalties, honours and lists, as data sets brought them; first what counts now."""
    found, chosen = _credit_list(request)
    page = _page_number(request)
    context = {
        "rows": found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "total": len(found),
        "page": page,
        "pages": max(1, -(-len(found) // PAGE_SIZE)),
        "q": chosen["q"],
        "shows_all": request.GET.get("state") == "all",
        "kinds": _kind_chips(found, chosen),
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "信用记录", "href": ""}],
    }
    return render(request, "web/credit.html", context)


@require_safe
def credit_json(request: HttpRequest) -> HttpResponse:
    found, _ = _credit_list(request)
    page = _page_number(request)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    following = f"/credit.json?page={page + 1}" if page < pages else None
    answer = {
        "total": len(found),
        "total_is_exact": True,
        "page": page,
        "pages": pages,
        "next": following,
        "items": shown,
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _credit_list(request: HttpRequest) -> tuple[list[dict[str, Any]], dict[str, str]]:
    chosen = {"q": request.GET.get("q", "").strip()[:100], "kind": request.GET.get("kind", "")}
    kind = chosen["kind"] if chosen["kind"] in KINDS else None
    everything = parties.standings(at=platform_now(), kind=kind, only_current=request.GET.get("state") != "all")
    rows = [_standing_row(one) for one in everything]
    words = chosen["q"]
    told = [row for row in rows if not words or words in row["title"] or words in row["party"] or words == row["uscc"]]
    return told, chosen


def _kind_chips(found: list[dict[str, Any]], chosen: dict[str, str]) -> list[dict[str, Any]]:
    counts = Counter(row["kind"] for row in found)
    chips = [{"label": "全部", "href": "/credit", "current": not chosen["kind"]}]
    for code, label in KINDS.items():
        words = f"{label} {counts[label]}" if counts[label] else label
        chips.append({"label": words, "href": f"/credit?kind={code}", "current": chosen["kind"] == code})
    return chips


def _standing_row(found: StandingAt) -> dict[str, Any]:
    one = found.standing
    return {
        "no": one.standing_no, "kind": KINDS.get(one.kind, one.kind), "title": one.title, "party": one.party_name,
        "uscc": one.uscc, "publisher": one.publisher, "basis": one.basis,
        "from_on": one.from_on, "until_on": one.until_on,
        "published_on": one.published_on, "state": STATES[found.state],
        "href": f"/org/{one.uscc}" if one.uscc else None,
    }  # fmt: skip


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
