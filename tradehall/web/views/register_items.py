"""One thing on file: its form, new or to be replaced, with its earlier versions. One page for every kind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tradehall.accounts.signing import kept, signed_in
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import NotVisible, Refusal, Stale, Violation
from tradehall.parties import registration_rules as rules
from tradehall.parties import registration_vault as vault
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.registration_reads import Dossier, Stated
from tradehall.parties.services import Target
from tradehall.web.acting import actor_of
from tradehall.web.presenters import register_forms as forms
from tradehall.web.presenters import register_pages as pages
from tradehall.web.presenters.exchange_page import desk_crumbs
from tradehall.web.views.register import DESK

STALE = Violation("stale", "这一项刚刚被改过；您填写的内容还在下面，请核对后再次保存")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: HttpRequest, dossier_no: str) -> HttpResponse:
    """The particulars that the roles registered for ask, and no others."""
    by, at = actor_of(request), platform_now()
    dossier = _dossier(request, dossier_no, at)
    fields = pages.asked_fields(parties.registrations(dossier), is_natural=dossier.is_natural)
    found = parties.on_file(dossier).profile
    back = kept(request) if request.method == "GET" else None
    typed: dict[str, str] = forms.typed_of(back) if back else dict(found.details) if found else {}
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        typed = {code: request.POST.get(code, "").strip() for code in fields}
        try:
            services.state_profile(by=by, at=at, target=Target(dossier_no), details=typed)
            return HttpResponseRedirect(f"{DESK}/{dossier_no}")
        except Refusal as refusal:
            violations = refusal.violations
    versions = parties.item_versions(dossier, "profile", dossier_no)
    context = _context(dossier_no, "单位资料", forms.profile_inputs(fields, typed), violations, versions)
    return render(request, "web/register_item.html", context, status=400 if violations else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_item(request: HttpRequest, dossier_no: str, kind: str) -> HttpResponse:
    """A new thing of a kind; without a code first the choice of codes."""
    dossier = _dossier(request, dossier_no, platform_now())
    _demand_kind(kind)
    back = kept(request) if request.method == "GET" else None
    sent = forms.typed_of(back) if back else forms.typed_of(request.POST)
    code = sent.get("item_code") or request.GET.get("code") or ""
    offers = rules.catalogue().words.get(kind, {})
    if offers and code not in offers:
        context = {
            "title": f"添加{pages.TITLES[kind]}",
            "offers": [{"label": word.label, "href": f"?code={word.code}"} for word in offers.values()],
            "base": f"{DESK}/{dossier_no}",
            "crumbs": _crumbs(dossier_no, f"添加{pages.TITLES[kind]}"),
        }
        return render(request, "web/register_choice.html", context)
    target = Target(dossier_no, request.POST.get("item_no") or vault.new_no("I"), 0)
    return _form(request, dossier, kind, code, target, {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def item(request: HttpRequest, dossier_no: str, kind: str, item_no: str) -> HttpResponse:
    """Replace: what stands is filled in, numbers excepted; saving makes a new version."""
    dossier = _dossier(request, dossier_no, platform_now())
    _demand_kind(kind)
    versions = parties.item_versions(dossier, kind, item_no)
    if not versions or versions[0].ended_at:
        raise Http404(item_no)
    last = versions[0]
    names = [name for name, _, _ in forms.TEXTS[kind]] + [name for name, _ in forms.DAYS.get(kind, ())] + ["level"]
    stands = {name: str(getattr(last, name, None) or "") for name in names}
    read = request.POST.get("version", "")
    version = int(read) if read.isascii() and read.isdigit() and len(read) < 7 and read != "0" else last.version
    return _form(
        request, dossier, kind, getattr(last, "code", ""), Target(dossier_no, item_no, version), stands, versions
    )


def _form(
    request: HttpRequest,
    dossier: Dossier,
    kind: str,
    code: str,
    target: Target,
    stands: dict[str, str],
    versions: Sequence[Stated] = (),
) -> HttpResponse:
    violations: tuple[Violation, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            _save(request, kind, code, target)
            return HttpResponseRedirect(f"{DESK}/{target.dossier_no}")
        except Refusal as refusal:
            violations, status = forms.beside_its_field(refusal.violations), 400
        except NotVisible as error:
            raise Http404(str(target.item_no)) from error
        except Stale:
            if not versions:  # the same new thing sent twice: it is there
                return HttpResponseRedirect(f"{DESK}/{target.dossier_no}")
            violations, status = (STALE,), 409
            target = Target(target.dossier_no, target.item_no, versions[0].version)
    back = kept(request) if request.method == "GET" else request.POST
    typed = forms.typed_of(back) if back else stands
    stored = parties.evidence_files(dossier)
    inputs = forms.item_inputs(kind, code, typed, stored, is_new=not versions)
    label = rules.label(kind, code) if code else pages.TITLES[kind]
    context = _context(target.dossier_no, label, inputs, violations, versions)
    return render(request, "web/register_item.html", {**context, "target": target, "code": code}, status=status)


def _save(request: HttpRequest, kind: str, code: str, target: Target) -> None:
    typed = {key: value.strip() for key, value in forms.typed_of(request.POST).items()}
    stated: dict[str, Any] = {name: typed.get(name, "") for name, _, _ in forms.TEXTS[kind]}
    stated |= {name: forms.typed_day(typed, name) for name, _ in forms.DAYS.get(kind, ())}
    if kind in ("qualification", "person"):
        stated["level"] = typed.get("level", "")
    if kind in forms.SEALED:
        stated[forms.SEALED[kind][0]] = typed.get(forms.SEALED[kind][0], "").upper()
        stated["consent"] = typed.get("consent", "")
    if kind != "account":
        stated["code"] = code
    evidence = forms.typed_evidence(request)
    ACTS[kind](by=actor_of(request), at=platform_now(), target=target, evidence=evidence, **stated)


ACTS: dict[str, Any] = {
    "qualification": services.state_qualification,
    "licence": services.state_licence,
    "person": services.state_practitioner,
    "account": services.state_bank_account,
}


def _context(
    dossier_no: str,
    title: str,
    inputs: list[forms.Input],
    violations: Sequence[Violation],
    versions: Sequence[Stated],
) -> dict[str, Any]:
    return {
        "title": title,
        "inputs": inputs,
        "violations": violations,
        "base": f"{DESK}/{dossier_no}",
        "crumbs": _crumbs(dossier_no, title),
        "versions": [{"version": one.version, "at": one.stated_at, "evidence": one.evidence} for one in versions],
    }


def _crumbs(dossier_no: str, title: str) -> list[dict[str, str]]:
    return desk_crumbs(title, ("主体登记", f"{DESK}/{dossier_no}"))


def _dossier(request: HttpRequest, dossier_no: str, at: datetime) -> Dossier:
    try:
        return parties.dossier_for(actor_of(request), dossier_no, at=at)
    except NotVisible as error:
        raise Http404(dossier_no) from error


def _demand_kind(kind: str) -> None:
    if kind not in forms.KINDS:
        raise Http404(kind)
