"""The acts of `tenders`, native and reported, under one roof: import them from here."""

from tradehall.tenders.intake import Receipt
from tradehall.tenders.rules import NewLot, NoticePublished
from tradehall.tenders.services.native.correct_notice import correct_notice
from tradehall.tenders.services.native.end_attempt import end_attempt
from tradehall.tenders.services.native.publish_notice import publish_notice
from tradehall.tenders.services.native.publish_stage_notice import publish_stage_notice
from tradehall.tenders.services.native.register_project import register_project
from tradehall.tenders.services.native.rerun import rerun
from tradehall.tenders.services.native.resume import resume
from tradehall.tenders.services.native.state_lot_fact import state_lot_fact
from tradehall.tenders.services.native.suspend import suspend
from tradehall.tenders.services.native.withdraw_notice import withdraw_notice
from tradehall.tenders.services.record_notices import MAX_BATCH, record_notices

__all__ = [
    "MAX_BATCH",
    "NewLot",
    "NoticePublished",
    "Receipt",
    "correct_notice",
    "end_attempt",
    "publish_notice",
    "publish_stage_notice",
    "record_notices",
    "register_project",
    "rerun",
    "resume",
    "state_lot_fact",
    "suspend",
    "withdraw_notice",
]
