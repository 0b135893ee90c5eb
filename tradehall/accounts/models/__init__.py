"""The tables of `accounts`, one module for each kind of record; import them from here."""

from tradehall.accounts.models.certificates import Certificate, Challenge, TrustAnchor
from tradehall.accounts.models.drafts import Draft
from tradehall.accounts.models.people import Account
from tradehall.accounts.models.sign_ins import FailedSignIn, SignIn
from tradehall.accounts.models.systems import TradingSystem
from tradehall.accounts.oidc.models import ClientSystem, LogoutDelivery, SpentToken, TokenFamily

__all__ = [
    "Account",
    "Certificate",
    "Challenge",
    "Draft",
    "ClientSystem",
    "FailedSignIn",
    "LogoutDelivery",
    "SignIn",
    "SpentToken",
    "TokenFamily",
    "TradingSystem",
    "TrustAnchor",
]
