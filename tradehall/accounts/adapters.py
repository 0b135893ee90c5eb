"""Our answers to the sign-in library: who may try, what is kept of each sign-in, and every word in Chinese.

The library's flow stays as it is; these are the places where it asks its host.
"""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tradehall.accounts import lockout, sealing, services, signing
from tradehall.accounts.models import Account
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor

PURPOSE = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, and the beginning and end of browser sessions."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "这个账号已停用。",
        "enter_current_password": "当前口令不正确，请重新输入。",
        "incorrect_password": "口令不正确，请重新输入。",
        "username_password_mismatch": "账号或口令不正确，请检查后重新输入。",
        "too_many_login_attempts": "尝试次数过多，请稍后再试。",
        "rate_limited": "操作过于频繁，请稍后再试。",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        login, password = credentials.get("username", ""), credentials.get("password", "")
        return lockout.attempt(
            request, login, "password", lambda: authenticate(request, username=login, password=password)
        )

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        return self.authenticate(context.request, username=user.get_username(), password=password) is not None

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        person = cast(Account, user)
        by = Actor("person", person.login, person.name)
        services.change_password(by=by, at=platform_now(), account=person, password=password)

    def begin(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """A new session key, a session that ends with the browser. The sign-in itself is noted by whoever calls."""
        super().login(request, user)
        request.session.set_expiry(0)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        self.begin(request, user)
        ways = signing.ways_of(get_authentication_records(request, user))
        signing.note_sign_in(request, cast(Account, user), amr=ways)

    def logout(self, request: HttpRequest) -> None:
        found = signing.current(request)
        if found is not None:
            services.end_sign_in(at=timezone.now(), sign_in=found)
        signing.remember(request, None)
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return signing.address_of(request) or "0.0.0.0"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # our own page makes accounts, as an act that is recorded

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/desk"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/account"

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        said = {
            "reauthenticate": "用口令确认",
            "mfa_reauthenticate": "用动态码或恢复码确认",
            "mfa_reauthenticate:webauthn": "用通行密钥确认",
        }
        return [{**one, "description": said[one["id"]]} for one in super().get_reauthentication_methods(user)]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The library's messages are partly English and partly elsewhere; our pages say what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address here."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted in their column, names in Chinese, passkeys bound to the site's own name."""

    error_messages = {
        "add_email_blocked": "这个账号已启用两步验证，不能增加邮箱。",
        "cannot_delete_authenticator": "不能停用两步验证。",
        "cannot_generate_recovery_codes": "先启用动态码或通行密钥，才能生成恢复码。",
        "incorrect_code": "验证码不正确或已经用过，请用新的一个。",
        "unverified_email": "不能启用两步验证。",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal_text(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal_text(encrypted_text, PURPOSE) or ""

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "通行密钥" if number == 1 else f"通行密钥 {number}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name of the site, whatever a visitor's Host header says; `localhost` serves demonstrations."""
        asked = context.request.get_host().partition(":")[0]
        own = str(settings.SITE_URL).partition("://")[2].partition(":")[0]
        return {"id": "localhost" if asked == "localhost" else own, "name": str(settings.SITE_NAME)}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": cast(Account, user).name}


class HallAdapter(DefaultSocialAccountAdapter):
    """The service hall upstream: an identity opens an account only after its person linked the two here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        sociallogin.account.extra_data = {}  # issuer and subject are all we need to know
        sociallogin.email_addresses = []
        wants_link = sociallogin.state.get("process") == "connect"
        if wants_link and request.user.is_authenticated:
            if sociallogin.is_existing and sociallogin.user != request.user:
                raise ImmediateHttpResponse(_hall_page(request, "taken", 409))
        elif wants_link or not sociallogin.is_existing:
            raise ImmediateHttpResponse(_hall_page(request, "unlinked", 403))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return "/account"

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(_hall_page(request, "failed", 502))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no e-mail address here."""


def _hall_page(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "accounts/hall.html", {"why": why, "hall_name": settings.HALL_NAME}, status=status)
