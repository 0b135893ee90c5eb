"""Reads what was stated about a lot of this line."""

from tradehall.kernel.refusal import NotVisible
from tradehall.property.models import AssetLot


def subject(lot_no: str) -> AssetLot:
    """The newest version."""
    found = AssetLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[AssetLot]:
    """Oldest first."""
    return list(AssetLot.objects.filter(lot_id=lot_no).order_by("version"))
