"""The acts of `tenders`, native and reported, under one roof: import them from here."""

from tradehall.tenders.intake import Receipt
from tradehall.tenders.services.record_notices import MAX_BATCH, record_notices

__all__ = ["MAX_BATCH", "Receipt", "record_notices"]
