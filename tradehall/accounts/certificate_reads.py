"""Reads about bound certificates that ordinary pages may make: quick to load, unlike checking one.

Which deadlines somebody has is not known here; whoever asks hands them in.
"""

from collections.abc import Iterable
from datetime import datetime

from tradehall.accounts.models import Account, Certificate, TrustAnchor


def certificates(account: Account) -> list[Certificate]:
    """Bound ones, the first to expire first."""
    return list(Certificate.objects.filter(account=account, ended_at__isnull=True).order_by("valid_until", "id"))


def certificates_expiring(account: Account, before: datetime) -> list[Certificate]:
    """Bound ones that will have expired by then."""
    return [one for one in certificates(account) if one.valid_until < before]


def expiry_forecast(account: Account, deadlines: Iterable[datetime]) -> list[tuple[Certificate, datetime]]:
    """Each certificate that ends before an open deadline, with the nearest deadline it will miss."""
    ahead = sorted(deadlines)
    if not ahead:
        return []
    return [
        (one, next(at for at in ahead if at > one.valid_until)) for one in certificates_expiring(account, ahead[-1])
    ]


def roots_pem() -> str:
    """Every root the platform trusts, as anybody may download it."""
    return "".join(TrustAnchor.objects.order_by("id").values_list("pem", flat=True))
