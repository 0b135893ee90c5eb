"""Registering: the start page, and the pages of a dossier for those whose it is. What is asked comes from data.

Every decision is an act of `parties`; nothing here is shown to anybody who may not use the dossier.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.accounts.signing import by_post, kept, require_recent, signed_in
from tradehall.documents import selectors as documents
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.registration_reads import Registration
from tradehall.web.acting import actor_of
from tradehall.web.presenters import register_forms as forms
from tradehall.web.presenters import register_pages as pages
from tradehall.web.presenters.exchange_page import desk_crumbs

DESK = "/desk/organisation"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Code, name and role of an organisation, or a person in his own name; leads to the dossier."""
    back = kept(request) if request.method == "GET" else None
    given = back or (request.POST if request.method == "POST" else request.GET)
    is_natural = given.get("as") == "natural"
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        try:
            made = _open(request, is_natural=is_natural)
            return HttpResponseRedirect(f"{DESK}/{made.dossier_id}")
        except Refusal as refusal:
            violations = refusal.violations
    typed = forms.typed_of(given)
    inputs = forms.natural_inputs(typed) if is_natural else forms.start_inputs(typed)
    crumbs = desk_crumbs("登记主体", ("主体登记", DESK))
    context = {"inputs": inputs, "violations": violations, "is_natural": is_natural, "crumbs": crumbs}
    return render(request, "web/register.html", context, status=400 if violations else 200)


@never_cache
@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """My dossiers; straight into the only one."""
    at = platform_now()
    found = parties.dossiers(actor_of(request), at)
    if len(found) == 1:
        return HttpResponseRedirect(f"{DESK}/{found[0].dossier_no}")
    rows = [pages.heading(parties.on_file(one)) for one in found]
    return render(request, "web/organisations.html", {"rows": rows})


@never_cache
@require_safe
@signed_in
def dossier(request: HttpRequest, dossier_no: str) -> HttpResponse:
    return dossier_page(request, dossier_no)


@require_POST
@signed_in
def open_next(request: HttpRequest, dossier_no: str) -> HttpResponse:
    role, line = request.POST.get("role", ""), request.POST.get("line", "")
    return act(
        request,
        dossier_no,
        lambda: services.open_next_registration(
            by=actor_of(request), at=platform_now(), dossier_no=dossier_no, role=role, line=line
        ),
    )


@require_POST
@signed_in
def submit(request: HttpRequest, dossier_no: str, registration_no: str) -> HttpResponse:
    return act(
        request,
        dossier_no,
        lambda: services.submit_registration(by=actor_of(request), at=platform_now(), registration_no=registration_no),
    )


@require_POST
@signed_in
def end_item(request: HttpRequest, dossier_no: str, kind: str, item_no: str) -> HttpResponse:
    target = services.Target(dossier_no, item_no)
    return act(
        request,
        dossier_no,
        lambda: services.end_item(by=actor_of(request), at=platform_now(), target=target, kind=kind),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent
@by_post("撤回同意")
def withdraw_consent(request: HttpRequest, dossier_no: str, consent_id: int) -> HttpResponse:
    return act(
        request,
        dossier_no,
        lambda: services.withdraw_consent(by=actor_of(request), at=platform_now(), consent_id=consent_id),
    )


@never_cache
@require_safe
@signed_in
def evidence(request: HttpRequest, dossier_no: str, sha256: str) -> HttpResponse:
    """A document of the dossier, for its users and for examiners; always as a download."""
    by, at = actor_of(request), platform_now()
    try:
        found = (
            parties.dossier_to_examine(by, dossier_no)
            if by.has("centre")
            else parties.dossier_for(by, dossier_no, at=at)
        )
        name = parties.evidence_files(found)[sha256]
        with documents.open_file(sha256) as file:
            answer = HttpResponse(file.read(), content_type="application/octet-stream")
    except (NotVisible, KeyError, FileNotFoundError) as error:
        raise Http404(sha256) from error
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require_recent(to_read=False)
def read_number(request: HttpRequest, kind: str, value_no: str) -> HttpResponse:
    """A sealed number, shown once for a stated purpose; the reading is in the journal, the number is not."""
    reads = {"identity": services.read_identity, "bank-account": services.read_bank_account}
    violations: tuple[Violation, ...] = ()
    back = kept(request) if request.method != "POST" else None
    number, purpose = "", (back or request.POST).get("purpose", "")[:200]
    if kind not in reads:
        raise Http404(kind)
    if request.method == "POST":
        try:
            number = reads[kind](by=actor_of(request), at=platform_now(), value_no=value_no, purpose=purpose)
        except Refusal as refusal:
            violations = refusal.violations
        except NotVisible as error:
            raise Http404(value_no) from error
    inputs = [{"name": "purpose", "label": "查阅目的", "value": purpose, "required": True}]
    label = "公民身份号码" if kind == "identity" else "银行账号"
    context = {
        "inputs": inputs,
        "violations": violations,
        "number": number,
        "label": label,
        "purpose": purpose,
        "crumbs": desk_crumbs(f"查阅{label}"),
    }
    return render(request, "web/register_number.html", context, status=400 if violations else 200)


def act(request: HttpRequest, dossier_no: str, done: Callable[[], object]) -> HttpResponse:
    """Do it and come back; refusals stand on the dossier's page."""
    try:
        done()
    except Refusal as refusal:
        return dossier_page(request, dossier_no, refusal.violations)
    except NotVisible as error:
        raise Http404(dossier_no) from error
    except Stale:
        pass
    return HttpResponseRedirect(f"{DESK}/{dossier_no}")


def dossier_page(request: HttpRequest, dossier_no: str, violations: tuple[Violation, ...] = ()) -> HttpResponse:
    at, by = platform_now(), actor_of(request)
    try:
        one = parties.dossier_for(by, dossier_no, at=at)
    except NotVisible as error:
        raise Http404(dossier_no) from error
    found, states = parties.on_file(one), parties.registrations(one)
    context: dict[str, Any] = {
        "head": pages.heading(found),
        "base": f"{DESK}/{dossier_no}",
        "markets": pages.markets(found, states, at),
        "profile": pages.profile_rows(found, pages.asked_fields(states, is_natural=one.is_natural)),
        "sections": pages.sections(found, at, f"{DESK}/{dossier_no}"),
        "expiring": parties.expiring(at, dossier=one),
        "consents": parties.consents(one),
        "inputs": forms.market_inputs({}),
        "violations": violations,
        "crumbs": desk_crumbs(pages.heading(found)["name"], ("主体登记", DESK)),
    }
    return render(request, "web/organisation.html", context, status=400 if violations else 200)


def _open(request: HttpRequest, *, is_natural: bool) -> Registration:
    given = request.POST
    name, line = given.get("name", "").strip()[:200], given.get("line", "")
    by, at = actor_of(request), platform_now()
    if not name:
        what = "姓名" if is_natural else "单位名称"
        raise Refusal([Violation("blank", f"请填写{what}；没有保存任何内容", field="name")])
    if is_natural:
        identity = given.get("identity", "").strip().upper()
        return services.open_natural_registration(
            by=by, at=at, identity=identity, consent=given.get("consent", ""), name=name, role="bidder", line=line
        )
    uscc = given.get("uscc", "").strip().upper()
    return services.open_registration(by=by, at=at, uscc=uscc, name=name, role=given.get("role", ""), line=line)
