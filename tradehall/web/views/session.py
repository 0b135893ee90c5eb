"""Signing in and the desk, in their first form: who I am, for whom I act, where to go. Acts come with their stages."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tradehall.accounts import selectors as accounts
from tradehall.accounts import services
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Violation

# How a session finds its person again; the password is checked by the service.
SESSION_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WRONG = Violation("login", "账号或口令不正确，请检查后重新输入。", field="login")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Fields `login` and `password`; afterwards the page asked for, if it is ours, else the desk."""
    target = _own_address(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    violations: tuple[Violation, ...] = ()
    if request.method == "POST":
        found = services.authenticate_person(request.POST.get("login", ""), request.POST.get("password", ""))
        if found is not None:
            login(request, found, backend=SESSION_BACKEND)
            return HttpResponseRedirect(target)
        violations = (WRONG,)
    status = 400 if violations else 200
    return render(request, "web/login.html", _form(request, violations, target), status=status)


def _form(request: HttpRequest, violations: tuple[Violation, ...], target: str) -> dict[str, Any]:
    given = request.POST.get("login", "")[:64]
    inputs = [
        {"name": "login", "label": "账号", "value": given, "required": True, "autocomplete": "username"},
        {"name": "password", "label": "口令", "type": "password", "required": True, "autocomplete": "current-password"},
    ]
    return {"violations": violations, "inputs": inputs, "target": target}


def _own_address(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or "/desk"
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else "/desk"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponseRedirect("/login?next=/desk")
    held = accounts.grants(request.user, at=platform_now())
    context = {"account": request.user, "grants": [(accounts.ROLES.get(one.role, one.role), one) for one in held]}
    return render(request, "web/desk.html", context)
