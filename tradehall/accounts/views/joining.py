"""Opening an account of one's own: it signs in and registers an organisation, and may do nothing else until a role is given.

Refuses to tell who has an account beyond what a taken login must say, and to make accounts by the hundred for one address.
"""

import re

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tradehall.accounts import services, signing
from tradehall.accounts.forms import items, violations
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal, Violation

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{3,31}")
MOST_AN_HOUR = 20
HOUR_S = 3600
LOGIN_HINT = "4 至 32 个小写字母、数字、点、横线或下划线；登录时使用，不能更改。"


class NewAccountForm(forms.Form):
    """What a person states of himself; the login is compared in lower case."""

    labels = {"name": "姓名", "password1": "口令", "password2": "再输一次口令"}
    more = {
        "name": {"autocomplete": "name", "hint": "经办人本人的真实姓名，会显示在您办理的事项上。"},
        "login": {"hint": LOGIN_HINT},
    }
    name = forms.CharField(max_length=60)
    login = forms.CharField(max_length=32)
    password1 = forms.CharField(max_length=200, strip=False)
    password2 = forms.CharField(max_length=200, strip=False)

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip().lower()
        if not LOGIN.fullmatch(login):
            raise ValidationError(LOGIN_HINT)
        return login

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean_password2(self) -> str:
        password: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", password) != password:
            raise ValidationError("differs")
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_account(request: HttpRequest) -> HttpResponse:
    """Signed in afterwards, and led to the registration of an organisation."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/register")
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    found = violations(form)
    if request.method == "POST" and not found:
        try:
            return _made(request, form)
        except Refusal as refusal:
            found = list(refusal.violations)
    context = {"items": items(form), "violations": found}
    return render(request, "accounts/create_account.html", context, status=400 if found else 200)


def _made(request: HttpRequest, form: NewAccountForm) -> HttpResponse:
    _count(request)
    given = form.cleaned_data
    account = services.create_account(
        by=PLATFORM, at=platform_now(), login=given["login"], name=given["name"], password=given["password1"]
    )
    signing.enter(request, account, amr=["pwd"])
    return HttpResponseRedirect("/register")


def _count(request: HttpRequest) -> None:
    key = f"accounts.new.{signing.address_of(request) or ''}"
    cache.add(key, 0, HOUR_S)
    if cache.incr(key) > MOST_AN_HOUR:
        words = "从这个网络地址开设的账号太多，请一小时后再试；没有开设账号，也没有保存任何内容。"
        raise Refusal([Violation("accounts.too_many", words)])
