"""What systems call themselves: discovery, key set, token, userinfo, revocation. No page, no cookie, no CSRF."""

from typing import Any

from allauth.core.internal import jwkkit
from allauth.idp.oidc import app_settings
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.utils import convert_response, extract_params, respond_json_error
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oauthlib.oauth2.rfc6749.errors import OAuth2Error, UnsupportedGrantTypeError

from tradehall.accounts.oidc.clients import SCOPES
from tradehall.accounts.rules import LEVELS
from tradehall.web.oidc import claims
from tradehall.web.oidc.demands import PROMPTS
from tradehall.web.oidc.server import GRANTS, new_server


def metadata() -> dict[str, Any]:
    """Nothing is named that is not there, and what is not supported is denied where silence would mean yes."""
    names = ("authorization", "token", "userinfo", "revocation", "end_session")
    return {
        "issuer": settings.SITE_URL,
        **{f"{name}_endpoint": _address(name) for name in names},
        "jwks_uri": _address("jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": list(app_settings.AUTH_METHODS),
        "revocation_endpoint_auth_methods_supported": list(app_settings.AUTH_METHODS),
        "scopes_supported": list(SCOPES),
        "claims_supported": claims.SUPPORTED,
        "acr_values_supported": list(LEVELS),
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": ["zh-CN"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def _address(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'oidc:{name}')}"


@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    return _public(JsonResponse(metadata()), 3600)


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Keys of the near future too: whoever caches this set must already hold the key that will sign next."""
    adapter = get_adapter()
    keys = [jwkkit.load_jwk_from_pem(key.pem)[0] for key in adapter.list_private_keys(is_active=True)]
    return _public(JsonResponse({"keys": keys}), adapter.get_jwks_cache_control())


def _public(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


@csrf_exempt
@require_POST
@transaction.atomic
def token(request: HttpRequest) -> HttpResponse:
    """One transaction, and every refusal is an answer: what a reused token tore down stays torn down."""
    try:
        if request.POST.get("grant_type") not in GRANTS:
            raise UnsupportedGrantTypeError()
        return _unstored(convert_response(*new_server().create_token_response(*extract_params(request))))
    except OAuth2Error as error:
        return _unstored(respond_json_error(request, error))


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        try:
            return _unstored(convert_response(*new_server().create_userinfo_response(*extract_params(request))))
        except OAuth2Error as error:
            return _unstored(respond_json_error(request, error))


@csrf_exempt
@require_POST
@transaction.atomic
def revocation(request: HttpRequest) -> HttpResponse:
    return _unstored(convert_response(*new_server().create_revocation_response(*extract_params(request))))


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
