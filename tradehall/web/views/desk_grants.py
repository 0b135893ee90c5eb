"""Grants at the desk: what is held, what waits for a second person, and the form that asks for more.

A steward sees his own organisation; the centre and the administrators see all. Every decision is made by `parties`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from tradehall.accounts import signing
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.grants import Grant, ProposalState
from tradehall.parties.mandates import midnight
from tradehall.parties.roles import label, roles
from tradehall.reference.lines import lines
from tradehall.web.acting import actor_of, only
from tradehall.web.desk_doors import GRANT_DESK
from tradehall.web.presenters.desk_page import may_decide, scope_words

STATES = {"open": ("待批准", "warn"), "granted": ("已批准", "ok"), "refused": ("未批准", "error")}
DESK = "/desk/grants"
WORDS = ("login", "role", "organisation_uscc", "lines", "districts", "until_on", "reason")
LATEST = 50
seen_by = only(*sorted(GRANT_DESK))
decided_by = only(*sorted({code for one in roles().values() for code in one.approve}))


@require_http_methods(["GET", "HEAD", "POST"])
@seen_by
def grants(request: HttpRequest) -> HttpResponse:
    """The list; a POST proposes."""
    actor, at = actor_of(request), platform_now()
    if request.method != "POST":
        return _page(request, actor, at)
    try:
        _propose(request, actor, at)
    except Refusal as refusal:
        return _page(request, actor, at, refusal.violations)
    return HttpResponseRedirect(DESK)


@require_http_methods(["GET", "HEAD", "POST"])
@decided_by
@signing.require_recent
@signing.by_post("批准授权")
def approve_grant(request: HttpRequest, number: int) -> HttpResponse:
    return _decide(request, lambda by, at: services.approve_grant(by=by, at=at, proposal_id=number))


@require_POST
@decided_by
def refuse_grant(request: HttpRequest, number: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _decide(request, lambda by, at: services.refuse_grant(by=by, at=at, proposal_id=number, reason=reason))


@require_http_methods(["GET", "HEAD", "POST"])
@seen_by
@signing.require_recent
@signing.by_post("终止授权")
def end_grant(request: HttpRequest, number: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _decide(request, lambda by, at: services.end_grant(by=by, at=at, grant_id=number, reason=reason))


def parse_day(text: str, field: str) -> date | None:
    """Nothing typed is no day; what is no day is refused beside its field."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal([Violation("day", f"日期应写作 2026-12-31：{text[:20]}", field)]) from None


def _decide(request: HttpRequest, act: Callable[[Actor, datetime], object]) -> HttpResponse:
    actor, at = actor_of(request), platform_now()
    try:
        act(actor, at)
    except Refusal as refusal:
        return _page(request, actor, at, refusal.violations)
    except Stale as stale:
        return _page(request, actor, at, (Violation("stale", str(stale)),), status=409)
    except NotVisible as error:
        raise Http404(str(error)) from error
    return HttpResponseRedirect(DESK)


def _propose(request: HttpRequest, actor: Actor, at: datetime) -> None:
    typed = _typed(request)
    until_on = parse_day(typed["until_on"], "until_on")
    services.propose_grant(
        by=actor, at=at, login=typed["login"], role=typed["role"], reason=typed["reason"],
        organisation_uscc=typed["organisation_uscc"] or _own(actor, typed["role"]),
        lines=typed["lines"].split(), districts=typed["districts"].split(),
        until_at=midnight(until_on + timedelta(days=1)) if until_on else None,
    )  # fmt: skip


def _typed(request: HttpRequest) -> dict[str, str]:
    """Several boxes ticked are one text, parted by blanks."""
    return {name: " ".join(request.POST.getlist(name)).strip() for name in WORDS}


def _own(actor: Actor, role: str) -> str:
    known = roles().get(role)
    return actor.organisation or "" if known is not None and known.organisation else ""


def _page(
    request: HttpRequest, actor: Actor, at: datetime, violations: Sequence[Violation] = (), status: int = 400
) -> HttpResponse:
    own = None if actor.roles & {"centre", "administrator"} else actor.organisation or ""
    words = request.GET.get("q", "").strip()[:100]
    found, held = parties.proposals(own), [one for one in parties.organisation_grants(own, at) if _is_of(one, words)]
    decided = [one for one in found if one.state != "open"]
    context = {
        "waiting": [_proposal(actor, one) for one in found if one.state == "open"],
        "decided": [_proposal(actor, one) for one in decided[:LATEST]],
        "grants": [_grant(actor, one) for one in held[:LATEST]],
        "held": len(held),
        "q": words,
        "inputs": _inputs(request, actor),
        "violations": violations,
        "is_all": own is None,
    }
    return render(request, "web/desk_grants.html", context, status=status if violations else 200)


def _is_of(row: Grant, words: str) -> bool:
    """What a person may look for: a name, a login, an organisation, a role."""
    return any(words in text for text in (row.account.name, row.account.login, row.organisation_name, label(row.role)))


def _proposal(actor: Actor, one: ProposalState) -> dict[str, Any]:
    row = one.proposal
    proposer = row.proposed_by.login if row.proposed_by else None
    word, tone = STATES[one.state]
    return {
        "row": row,
        "role": label(row.role),
        "scope": scope_words(row.lines, row.districts),
        "state": word,
        "tone": tone,
        "refusal": one.refusal.reason if one.refusal else "",
        "may_decide": one.state == "open" and may_decide(actor, row.role, row.account.login, proposer),
    }


def _grant(actor: Actor, row: Grant) -> dict[str, Any]:
    known = roles().get(row.role)
    powers = known.propose | known.approve if known else frozenset()
    may_end = row.account.login == actor.id or bool(actor.roles & powers)
    return {"row": row, "role": label(row.role), "scope": scope_words(row.lines, row.districts), "may_end": may_end}


def _inputs(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    typed = _typed(request)
    offered = [("", "请选择")] + [(one.code, one.label) for one in roles().values() if one.propose & actor.roles]
    kinds = [(one.code, one.name) for one in lines()]
    inputs: list[dict[str, Any]] = [
        {"name": "login", "label": "账号", "required": True, "autocomplete": "off", "hint": "对方的登录名；不能是本人。"},
        {"name": "role", "label": "角色", "required": True, "choices": offered},
        {"name": "organisation_uscc", "label": "单位的统一社会信用代码", "hint": "留空表示当前代表的单位。"},
        {"name": "lines", "label": "交易类别范围", "hint": "监督、管理和自律角色必选。", "boxes": kinds},
        {"name": "districts", "label": "行政区划范围", "hint": "监督、管理角色必填，六位代码以空格分开；末两位为 00 含全市。"},
        {"name": "until_on", "label": "截止日期", "hint": "留空表示长期有效。", "type": "date"},
        {"name": "reason", "label": "理由"},
    ]  # fmt: skip
    shown = {**typed, "lines": typed["lines"].split()}
    return [{**one, "value": shown[one["name"]]} for one in inputs]
