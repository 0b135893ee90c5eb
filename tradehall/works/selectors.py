"""Reads what was stated about a lot of this line."""

from tradehall.kernel.refusal import NotVisible
from tradehall.works.models import WorksLot


def subject(lot_no: str) -> WorksLot:
    """The newest version."""
    found = WorksLot.objects.filter(lot_id=lot_no).order_by("-version").first()
    if found is None:
        raise NotVisible(lot_no)
    return found


def subject_versions(lot_no: str) -> list[WorksLot]:
    """Oldest first."""
    return list(WorksLot.objects.filter(lot_id=lot_no).order_by("version"))
