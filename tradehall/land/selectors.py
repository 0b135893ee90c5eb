"""Reads what was stated about a lot of this line."""

from tradehall.kernel.refusal import NotVisible
from tradehall.land.models import LandLot


def subject(lot_no: str) -> LandLot:
    """The newest version."""
    found = LandLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[LandLot]:
    """Oldest first."""
    return list(LandLot.objects.filter(lot_id=lot_no).order_by("version"))
