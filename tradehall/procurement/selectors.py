"""Reads what was stated about a lot of this line."""

from tradehall.kernel.refusal import NotVisible
from tradehall.procurement.models import PurchaseLot


def subject(lot_no: str) -> PurchaseLot:
    """The newest version."""
    found = PurchaseLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[PurchaseLot]:
    """Oldest first."""
    return list(PurchaseLot.objects.filter(lot_id=lot_no).order_by("version"))
