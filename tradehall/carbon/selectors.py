"""Reads what was stated about a lot of this line."""

from tradehall.carbon.models import AllowanceLot
from tradehall.kernel.refusal import NotVisible


def subject(lot_no: str) -> AllowanceLot:
    """The newest version."""
    found = AllowanceLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[AllowanceLot]:
    """Oldest first."""
    return list(AllowanceLot.objects.filter(lot_id=lot_no).order_by("version"))
