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
from tradehall.accounts.forms import SAID
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal, Violation

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{3,31}")
MOST_AN_HOUR = 20
HOUR_S = 3600
LABELS = {"name": "姓名", "login": "账号", "password1": "口令", "password2": "再输一次口令"}
HINTS = {
    "name": "经办人本人的真实姓名，会显示在您办理的事项上。",
    "login": "4 至 32 个小写字母、数字、点、横线或下划线；登录时使用，不能更改。",
    "password1": "至少 10 个字符，不能全是数字，不能是常见口令。",
}
MORE = {
    "name": {"autocomplete": "name"},
    "login": {"autocomplete": "username"},
    "password1": {"type": "password", "autocomplete": "new-password"},
    "password2": {"type": "password", "autocomplete": "new-password"},
}


class NewAccountForm(forms.Form):
    """What a person states of himself; the login is compared in lower case."""

    name = forms.CharField(max_length=60)
    login = forms.CharField(max_length=32)
    password1 = forms.CharField(max_length=200, strip=False)
    password2 = forms.CharField(max_length=200, strip=False)

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip().lower()
        if not LOGIN.fullmatch(login):
            raise ValidationError(HINTS["login"])
        return login

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean_password2(self) -> str:
        password: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", password) != password:
            raise ValidationError("两次输入的口令不一致，请再输一次。")
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_account(request: HttpRequest) -> HttpResponse:
    """Signed in afterwards, and led to the registration of an organisation."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/register")
    form = NewAccountForm(request.POST if request.method == "POST" else None)
    found = _violations(form)
    if request.method == "POST" and not found:
        try:
            return _made(request, form)
        except Refusal as refusal:
            found = list(refusal.violations)
    context = {"items": [_item(form, name) for name in LABELS], "violations": found}
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


def _violations(form: NewAccountForm) -> list[Violation]:
    if not form.is_bound:
        return []
    return [
        Violation(error.code or "invalid", _said(name, error), field=name)
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]


def _said(name: str, error: ValidationError) -> str:
    own = SAID.get(error.code or "") if error.code != "invalid" else None
    return own.format(label=LABELS[name]) if own else " ".join(error.messages)


def _item(form: NewAccountForm, name: str) -> dict[str, object]:
    """A typed password is never shown again."""
    value = "" if name.startswith("password") else form[name].value() or ""
    return {
        "name": name,
        "label": LABELS[name],
        "required": True,
        "value": value,
        "hint": HINTS.get(name, ""),
        **MORE[name],
    }
