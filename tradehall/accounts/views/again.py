"""Proving who one is once more, before an act that cannot be undone: by password, by code, or by passkey."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.views.decorators.cache import never_cache

from tradehall.accounts.views.around import honest, proving

PAGE = "accounts/again.html"


class PasskeyAgainView(ReauthenticateWebAuthnView):
    """A passkey that did not answer leaves the person where he is."""

    template_name = PAGE

    def form_invalid(self, form: object) -> object:
        return self.render_to_response(self.get_context_data(form=form) | {"form": form})


again = never_cache(honest(proving(ReauthenticateView.as_view(template_name=PAGE))))
again_code = never_cache(honest(proving(CodeView.as_view(template_name=PAGE))))
again_passkey = never_cache(honest(proving(PasskeyAgainView.as_view())))
