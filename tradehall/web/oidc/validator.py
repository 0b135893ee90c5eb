"""What oauthlib asks before it hands anything out. allauth's answers, made stricter where the house is stricter.

One instance serves one request and remembers the code, token and family it has found.
"""

from collections.abc import Sequence
from typing import Any

from allauth.core import context
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.models import Client, Token
from oauthlib.common import Request

from tradehall.accounts.oidc import clients, families, signing
from tradehall.accounts.oidc.families import TokenFamily
from tradehall.journal.clock import platform_now
from tradehall.web.oidc import claims
from tradehall.web.oidc.capacities import still_holds

CODE, ACCESS, REFRESH = Token.Type.AUTHORIZATION_CODE, Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN


class HallValidator(OAuthLibRequestValidator):
    def __init__(self) -> None:
        self.used: Token | None = None  # the code or refresh token presented
        self.family: TokenFamily | None = None

    # ── who asks, and where the answer may go ──
    def _lookup_client(self, request: Request, client_id: object) -> Client | None:
        system = clients.open_system(client_id) if isinstance(client_id, str) else None
        return system.client if system else None

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *rest: object, **more: object
    ) -> bool:
        return redirect_uri in request.client.get_redirect_uris()

    def validate_response_type(
        self, client_id: str, response_type: str, client: Client, request: Request, *rest: object, **more: object
    ) -> bool:
        return response_type == "code"

    def validate_scopes(
        self, client_id: str, scopes: Sequence[str], client: Client, request: Request, *rest: object, **more: object
    ) -> bool:
        """Scopes we do not know are left out, as the standard allows; without `openid` this is no sign-in."""
        request.scopes = [scope for scope in scopes if scope in clients.SCOPES]
        return "openid" in request.scopes

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def validate_silent_authorization(self, request: Request) -> bool:
        """Consent is judged by the page, which knows the organisation."""
        return True

    def validate_user_match(
        self, id_token_hint: str | None, scopes: Sequence[str], claims: object, request: Request
    ) -> bool:
        if not id_token_hint:
            return True
        hint, user = signing.read(id_token_hint, audience=request.client.pk), context.request.user
        if hint is None:
            return False
        return not user.is_authenticated or hint.get("sub") == get_adapter().get_user_sub(request.client, user)

    # ── codes ──
    def validate_code(self, client_id: str, code: str, client: Client, request: Request, *rest: object) -> bool:
        if not self._present(CODE, code, request):
            return False
        assert self.used is not None
        request.scopes = self.used.get_scopes()
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Client, request: Request, *rest: object
    ) -> bool:
        return self.used is not None and redirect_uri == self.used.data["redirect_uri"]

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        return self.used.data["challenge"] if self.used else None

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    def get_authorization_code_scopes(self, client_id: str, code: str, uri: str, request: Request) -> list[str]:
        """Asked before the code is judged, to choose between OAuth and OpenID: here there is only OpenID."""
        return list(self.used.get_scopes()) if self.used else ["openid"]

    def get_authorization_code_nonce(self, client_id: str, code: str, uri: str, request: Request) -> str | None:
        return self.used.data.get("nonce") if self.used else None

    def invalidate_authorization_code(self, client_id: str, code: str, request: Request, *rest: object) -> None:
        """Already spent when the tokens were saved, in the same transaction."""

    # ── tokens ──
    def validate_refresh_token(self, refresh_token: str, client: Client, request: Request, *rest: object) -> bool:
        return self._present(REFRESH, refresh_token, request)

    def get_original_scopes(self, refresh_token: str, request: Request, *rest: object) -> list[str]:
        return list(self.used.get_scopes()) if self.used else []

    def save_bearer_token(self, token: dict[str, Any], request: Request, *rest: object, **more: object) -> None:
        """New ones in, the one presented out: in one transaction, so that nobody ever holds two that work."""
        assert self.family is not None and self.used is not None
        families.spend(self.used, self.family)
        families.issue(self.family, ACCESS, token["access_token"], request.scopes)
        if "refresh_token" in token:
            families.issue(self.family, REFRESH, token["refresh_token"], request.scopes)

    def finalize_id_token(self, id_token: dict[str, Any], token: object, handler: object, request: Request) -> str:
        assert self.family is not None
        id_token.update(claims.of_sign_in(self.family), aud=request.client.pk)
        signed: str = super().finalize_id_token(id_token, token, handler, request)
        return signed

    def validate_bearer_token(self, token: str, scopes: Sequence[str], request: Request) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        self.family = families.family_of(get_validator_context().access_token)
        return self.family is not None and self.family.system.disabled_at is None

    def validate_jwt_bearer_token(self, token: str, scopes: Sequence[str], request: Request) -> bool:
        """An id_token opens nothing."""
        return False

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        assert self.family is not None
        subject = get_adapter().get_user_sub(request.client, request.user)
        return {"sub": subject, **claims.of_person(self.family)}

    def revoke_token(self, token: str, token_type_hint: str | None, request: Request, *rest: object) -> None:
        """A client gives back what is its own: an access token alone, a refresh token with its whole family."""
        for kind in (REFRESH, ACCESS):
            found = families.live(kind, token, request.client.pk)
            if found is None:
                continue
            family = families.family_of(found)
            if kind == ACCESS or family is None:
                found.delete()
            else:
                families.end(cause="revoked", notify=False, pk=family.pk)

    def _present(self, kind: str, value: str, request: Request) -> bool:
        """Takes a code or refresh token in hand; one that was used before ends its family."""
        client_id = request.client.pk
        found = families.live(kind, value, client_id)
        family = families.family_of(found) if found else None
        if found is None or family is None:
            families.trip(value, client_id, at=platform_now())
            return False
        if not still_holds(family):
            families.end(cause="role_ended", pk=family.pk)
            return False
        self.used, self.family, request.user = found, family, found.user
        return True
