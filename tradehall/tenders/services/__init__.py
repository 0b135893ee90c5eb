"""The acts of `tenders`, native and reported, under one roof: import them from here."""

from tradehall.tenders.intake import Receipt
from tradehall.tenders.rules import NewLot, NoticePublished
from tradehall.tenders.services.join_project import join_project
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
from tradehall.tenders.services.read_original import OriginalText, read_original
from tradehall.tenders.services.record_notices import MAX_BATCH, record_notices
from tradehall.tenders.services.split_project import split_project

__all__ = [
    "MAX_BATCH",
    "NewLot",
    "NoticePublished",
    "OriginalText",
    "Receipt",
    "correct_notice",
    "end_attempt",
    "join_project",
    "publish_notice",
    "publish_stage_notice",
    "read_original",
    "record_notices",
    "register_project",
    "rerun",
    "resume",
    "split_project",
    "state_lot_fact",
    "suspend",
    "withdraw_notice",
]
