"""The library's forms with our lock-out, and how a form is shown: plain items and violations in Chinese for the components.

Field names are those of the library; `login`, `password` and `code` are promised to scripts.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest

from tradehall.accounts import lockout
from tradehall.kernel.refusal import Violation

# A code of half a minute is accepted one step early and one late; after that it is wrong anyhow.
CODE_LIFE_S = 120
USED = "这个动态码已经用过，请等下一个（最多 30 秒）。"

LABELS = {
    "login": "账号",
    "password": "口令",
    "code": "动态码",
    "oldpassword": "当前口令",
    "password1": "新口令",
    "password2": "再输一次新口令",
    "name": "名称",
    "credential": "通行密钥",
}
MORE: dict[str, dict[str, object]] = {
    "login": {"autocomplete": "username"},
    "password": {"type": "password", "autocomplete": "current-password"},
    "oldpassword": {"type": "password", "autocomplete": "current-password"},
    "password1": {
        "type": "password",
        "autocomplete": "new-password",
        "hint": "至少 10 个字符，不能全是数字，不能是常见口令。",
    },
    "password2": {"type": "password", "autocomplete": "new-password"},
    "code": {"autocomplete": "one-time-code", "hint": "验证器应用显示的 6 位数字。"},
    "name": {"hint": "用来认出这一个，例如“单位电脑”。"},
}
RECOVERY_HINT = "验证器应用显示的 6 位数字；手机不在身边时，可用一个恢复码。"
SAID = {
    "required": "请填写{label}。",
    "max_length": "{label}太长，请检查。",
    "invalid": "{label}读不出来，请重新操作。",
    "password_too_short": "{label}太短：至少 10 个字符。",
    "password_too_common": "{label}太常见，容易被猜到，请换一个。",
    "password_entirely_numeric": "{label}不能只有数字，请加上字母或符号。",
}


class SignInForm(LoginForm):
    """Refused attempts say until when; typed passwords are never shown again."""

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
            return cleaned
        except ValidationError as error:
            # Beside the field, as every other error.
            self.add_error("login", error)
            return self.cleaned_data


class CodeForm(AuthenticateForm):
    """The second page of signing in."""

    def clean_code(self) -> str:
        return checked_code(self, super().clean_code)


class CodeAgainForm(ReauthenticateForm):
    """The same, for somebody who is signed in already."""

    def clean_code(self) -> str:
        return checked_code(self, super().clean_code)


def checked_code(form: CodeForm | CodeAgainForm, check: Callable[[], str]) -> str:
    """Wrong ones count with wrong passwords; one that served once serves no more, early or late."""
    code = "".join(form.cleaned_data["code"].split())
    form.cleaned_data["code"] = code
    used = f"accounts.code.{form.user.pk}.{code}"[:200]
    if cache.get(used):
        raise ValidationError(USED, code="used")
    errors: list[ValidationError] = []
    lockout.attempt(_request(), form.user.login, "code", lambda: _passed(check, errors))
    if errors:
        raise errors[0]
    if not cache.add(used, "used", CODE_LIFE_S):
        raise ValidationError(USED, code="used")
    return code


def items(form: Form) -> list[dict[str, object]]:
    """For the `field` component; hidden fields are the template's own business."""
    shown = [name for name, field in form.fields.items() if name in LABELS and not field.widget.is_hidden]
    return [_item(form, name) for name in shown]


def violations(form: Form) -> list[Violation]:
    """In the order of the fields, in our words."""
    if not form.is_bound:
        return []
    data = form.errors.as_data()
    found = [(name, error) for name, errors in data.items() for error in errors]
    return [
        Violation(error.code or "invalid", said(name, error, label_of(form, name)), field=_field_of(form, name))
        for name, error in found
    ]


def label_of(form: Form, name: str) -> str:
    """A form of ours may call a field otherwise than the library's forms of that name: `labels` of its class."""
    own: dict[str, str] = getattr(form, "labels", {})
    return own.get(name) or LABELS.get(name, "这一项")


def said(name: str, error: ValidationError, label: str) -> str:
    own = SAID.get(error.code or "") if error.code != "invalid" or name == "credential" else None
    if own is not None:
        return own.format(label=label)
    if name == "password2":
        return f"两次输入的{label.removeprefix('再输一次')}不一致，请再输一次。"
    return " ".join(str(message) for message in error.messages)


def _item(form: Form, name: str) -> dict[str, object]:
    more = {**MORE.get(name, {}), **getattr(form, "more", {}).get(name, {})}
    if name == "code" and isinstance(form, CodeForm | CodeAgainForm):
        more = more | {"hint": RECOVERY_HINT}
    value = "" if more.get("type") == "password" or name == "code" else form[name].value() or ""
    return {"name": name, "label": label_of(form, name), "required": form.fields[name].required, "value": value, **more}


def _field_of(form: Form, name: str) -> str | None:
    if name in form.fields and name != "credential":
        return name
    return next(iter(form.fields), None) if name == "__all__" and "credential" not in form.fields else None


def _passed(check: Callable[[], str], errors: list[ValidationError]) -> bool | None:
    try:
        check()
    except ValidationError as error:
        errors.append(error)
        return None
    return True


def _request() -> HttpRequest:
    request: HttpRequest = context.request
    return request
