"""The oauthlib server of one request. Only the code and refresh grants exist here; nothing else can be asked for."""

from allauth.idp.oidc import app_settings
from allauth.idp.oidc.internal.oauthlib.server import generate_opaque_token
from oauthlib.openid import Server

from tradehall.web.oidc.validator import HallValidator

GRANTS = ("authorization_code", "refresh_token")


def new_server() -> Server:
    return Server(
        HallValidator(),
        token_generator=generate_opaque_token,
        refresh_token_generator=generate_opaque_token,
        token_expires_in=app_settings.ACCESS_TOKEN_EXPIRES_IN,
    )
