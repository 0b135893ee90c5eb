"""The centre's pages of the register: what waits, one registration with its differences only, and numbers that are one party."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.accounts import signing
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.registration_reads import RegistrationState
from tradehall.web.acting import actor_of, only
from tradehall.web.presenters import register_pages as pages
from tradehall.web.presenters.exchange_page import desk_crumbs

DESK = "/desk/registrations"
STALE = Violation("stale", "这项登记刚刚由他人办理；没有保存您的决定，请看下面的办理经过")
centre = only("centre")


@never_cache
@require_safe
@centre
def registrations(request: HttpRequest) -> HttpResponse:
    """What waits, the longest wait first, and what ends soon among the proved."""
    at, by = platform_now(), actor_of(request)
    rows = [
        {
            "no": state.registration.registration_no,
            "title": pages.title(state),
            "head": pages.heading(parties.on_file(state.registration.dossier)),
            "since": state.since,
        }
        for state in parties.waiting_registrations(by)
    ]
    context = {"rows": rows, "expiring": parties.expiring(at, within_days=30)[:50]}
    return render(request, "web/registrations.html", context)


@never_cache
@require_safe
@centre
def registration(request: HttpRequest, registration_no: str) -> HttpResponse:
    return _page(request, registration_no)


@require_POST
@centre
def compare(request: HttpRequest, registration_no: str) -> HttpResponse:
    return _act(
        request,
        registration_no,
        lambda: services.compare_registration(by=actor_of(request), at=platform_now(), registration_no=registration_no),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@centre
@signing.require_recent
@signing.by_post("办理登记审核", **{"accept": "通过登记", "return": "退回登记"})
def decide(request: HttpRequest, registration_no: str) -> HttpResponse:
    """Accept or return, by the button pressed."""
    acts: dict[str, Any] = {"accept": services.accept_registration, "return": services.return_registration}
    chosen = acts.get(request.POST.get("decision", ""))
    if chosen is None:
        raise Http404(registration_no)
    by, at, reason = actor_of(request), platform_now(), request.POST.get("reason", "")
    answer = _act(
        request, registration_no, lambda: chosen(by=by, at=at, registration_no=registration_no, reason=reason)
    )
    if chosen is services.accept_registration and answer.status_code == 302:
        _propose_grant(by, at, registration_no)
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@centre
@signing.require_recent(to_read=False)
def joins(request: HttpRequest) -> HttpResponse:
    """Join a mention to a code, merge two codes, or end a join; every one stays listed."""
    violations: tuple[Violation, ...] = ()
    back = signing.kept(request) if request.method != "POST" else None
    typed = {name: (back or request.POST).get(name, "").strip() for name in ("from_no", "uscc", "reason")}
    if request.method == "POST":
        try:
            _join(request, **typed)
            return HttpResponseRedirect(f"/desk/joins?no={typed['from_no']}")
        except Refusal as refusal:
            violations = refusal.violations
        except NotVisible:
            violations = (Violation("unknown", "没有这个编号或代码；没有保存，请核对后再填", field="from_no"),)
        except Stale:
            violations = (Violation("stale", "这个编号已经并入其他主体；没有保存", field="from_no"),)
    asked = request.GET.get("no", "")[:20]
    inputs = [
        {"name": "from_no", "label": "名称编号或重复的代码", "value": typed["from_no"] or asked, "required": True,
         "hint": "名称编号见主体页地址，形如 n-0123456789abcdef"},
        {"name": "uscc", "label": "并入的统一社会信用代码", "value": typed["uscc"]},
        {"name": "reason", "label": "依据", "value": typed["reason"], "required": True},
    ]  # fmt: skip
    context = {"inputs": inputs, "violations": violations, "history": parties.join_history(asked) if asked else []}
    return render(request, "web/joins.html", context, status=400 if violations else 200)


def _join(request: HttpRequest, *, from_no: str, uscc: str, reason: str) -> None:
    by, at, target = actor_of(request), platform_now(), uscc.upper()
    is_mention, is_split = from_no.startswith("n-"), request.POST.get("decision") == "split"
    if is_split and is_mention:
        services.split_mention(by=by, at=at, mention_no=from_no, reason=reason)
    elif is_split:
        services.split_organisations(by=by, at=at, uscc=from_no, reason=reason)
    elif is_mention:
        services.join_mention(by=by, at=at, mention_no=from_no, uscc=target, reason=reason)
    else:
        services.merge_organisations(by=by, at=at, uscc=from_no, into_uscc=target, reason=reason)


def _propose_grant(by: Actor, at: datetime, registration_no: str) -> None:
    """Who registered the organisation is proposed for its role; another person decides, at the desk of grants."""
    registration = parties.registration(registration_no).registration
    dossier = registration.dossier
    held = {(one.account.login, one.role) for one in parties.organisation_grants(dossier.party_no, at)}
    if dossier.is_natural or (dossier.opened_by, registration.role) in held:
        return
    with suppress(
        Refusal
    ):  # duties that may not meet: the page then shows no proposal, and the desk of grants says why
        services.propose_grant(
            by=by, at=at, login=dossier.opened_by, role=registration.role, organisation_uscc=dossier.party_no,
            reason=f"登记审核通过 {registration_no}",
        )  # fmt: skip


def _grant_words(state: RegistrationState, at: datetime) -> str:
    dossier, role = state.registration.dossier, state.registration.role
    if state.accepted_at is None or dossier.is_natural:
        return ""
    granted = {(one.account.login, one.role) for one in parties.organisation_grants(dossier.party_no, at)}
    if (dossier.opened_by, role) in granted:
        return "办理人已获授权，可以该主体身份办理。"
    waiting = [one.proposal for one in parties.proposals(dossier.party_no, only_open=True)]
    if any(one.account.login == dossier.opened_by and one.role == role for one in waiting):
        return "已为办理人提出授权，待另一人批准。"
    return "还没有为办理人提出授权（可能与其已有职责冲突），请到授权管理办理。"


def _act(request: HttpRequest, registration_no: str, done: Callable[[], object]) -> HttpResponse:
    try:
        done()
    except Refusal as refusal:
        return _page(request, registration_no, refusal.violations)
    except Stale:
        return _page(request, registration_no, (STALE,), status=409)
    except NotVisible as error:
        raise Http404(registration_no) from error
    return HttpResponseRedirect(f"{DESK}/{registration_no}")


def _page(
    request: HttpRequest, registration_no: str, violations: tuple[Violation, ...] = (), status: int = 400
) -> HttpResponse:
    at, by = platform_now(), actor_of(request)
    try:
        state = parties.registration(registration_no)
        dossier = parties.dossier_to_examine(by, state.registration.dossier_id)
    except NotVisible as error:
        raise Http404(registration_no) from error
    found = parties.on_file(dossier)
    fields = pages.asked_fields([state], is_natural=dossier.is_natural)
    reason = request.POST.get("reason", "")
    context: dict[str, Any] = {
        "head": pages.heading(found),
        "state": state,
        "tone": pages.TONES[state.state],
        "title": pages.title(state),
        "comparison": _comparison(state),
        "steps": pages.step_rows(state),
        "profile": pages.profile_rows(found, fields),
        "sections": pages.sections(found, at, ""),
        "grant_words": _grant_words(state, at),
        "inputs": [{"name": "reason", "label": "理由", "type": "textarea", "value": reason, "hint": REASON_HINT}],
        "violations": violations,
        "base": f"{DESK}/{registration_no}",
        "crumbs": desk_crumbs("审核", ("登记审核", DESK)),
    }
    return render(request, "web/registration.html", context, status=status if violations else 200)


REASON_HINT = "退回时必填；与权威来源不一致或没有比对时，通过也须写明如何核对"


def _comparison(state: RegistrationState) -> dict[str, Any] | None:
    last = parties.newest_comparison(state.registration.dossier)
    if last is None:
        return None
    tone, words = pages.OUTCOMES[last.status]
    return {
        "tone": tone,
        "words": f"{words}{last.reason}" if last.status == "silent" else words,
        "table": {
            "label": "与权威来源的差异",
            "columns": [{"label": "事项"}, {"label": "申报"}, {"label": "权威来源"}],
            "rows": [[one["label"], one["old"], one["new"]] for one in last.changes],
        },
        "source": last.source_name,
        "at": last.compared_at,
        "is_old": last.compared_at < state.since and state.state == "submitted",
    }
