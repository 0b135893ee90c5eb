"""Reads what was stated about a lot of this line."""

from tradehall.kernel.refusal import NotVisible
from tradehall.others.models import QuotaLot


def subject(lot_no: str) -> QuotaLot:
    """The newest version."""
    found = QuotaLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[QuotaLot]:
    """Oldest first."""
    return list(QuotaLot.objects.filter(lot_id=lot_no).order_by("version"))
