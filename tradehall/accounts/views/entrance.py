"""Coming in and going out: password, then a code or passkey; a passkey alone; the service hall.

The flow and its stages are the sign-in library's; addresses, pages and records are ours.
"""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.providers.openid_connect import views as hall_views
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tradehall.accounts import lockout, signing
from tradehall.accounts.views.around import honest, noting_ways


class SignInView(LoginView):
    """The first page. A person half way in comes back to the second, unless he starts anew."""

    template_name = "accounts/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = urlencode({"next": self.request.GET.get("next") or "/desk"})
        more = {
            "hall": hall(),
            "passkey_failed": self.request.GET.get("passkey") == "failed",
            "certificate_href": f"/login/certificate?{target}",
        }
        return super().get_context_data(**kwargs) | more

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> HttpResponse | None:
        if request.method == "POST" and "password" in request.POST:
            clear_login(request)
            return None
        if request.method == "POST" and "code" in request.POST:
            return code(request)
        return super()._redirect_to_pending_stage(request, stage)


class PasskeyView(LoginWebAuthnView):
    """A passkey alone: it asked for finger or number itself, so it is two factors."""

    def form_invalid(self, form: LoginWebAuthnForm) -> HttpResponse:
        lockout.note(self.request, "", "passkey")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?passkey=failed")


sign_in = require_http_methods(["GET", "HEAD", "POST"])(honest(SignInView.as_view()))
code = honest(AuthenticateView.as_view(template_name="accounts/code.html"))
passkey = never_cache(PasskeyView.as_view())
sign_out = LogoutView.as_view(template_name="accounts/logout.html")


@require_POST
def start_anew(request: HttpRequest) -> HttpResponse:
    """Back from the second page to the first, as somebody else."""
    clear_login(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def hall() -> dict[str, str] | None:
    """The service hall's address here and its name; None when the site has none."""
    apps = settings.HALL_APPS
    return {"href": f"/login/hall/{apps[0]['provider_id']}", "name": settings.HALL_NAME} if apps else None


@never_cache
def hall_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Only a press of the button leads out to the hall; linking also wants a fresh proof of who is here."""
    if request.method != "POST":
        return HttpResponseRedirect("/account" if request.user.is_authenticated else settings.LOGIN_URL)
    wants_link = request.GET.get("process") == "connect"
    if wants_link != request.user.is_authenticated:
        return HttpResponseRedirect("/account" if request.user.is_authenticated else settings.LOGIN_URL)
    if wants_link and not signing.is_recent(request):
        return HttpResponseRedirect("/login/again?next=/account")
    answer: HttpResponse = hall_views.login(request, provider_id)
    return answer


@never_cache
@noting_ways
def hall_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    answer: HttpResponse = hall_views.callback(request, provider_id)
    return answer
