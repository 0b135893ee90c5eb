"""The closed word lists a definition may use, and what each link of the chain produces.

A word that is not here is a typing error in a definition, never a new feature.
"""

from typing import Final

DIRECTIONS: Final = frozenset({"buy", "sell"})
METHOD_CODES: Final[dict[str, str]] = {
    "公开招标": "open",
    "邀请招标": "invited",
    "竞争性谈判": "negotiation",
    "竞争性磋商": "consultation",
    "询价": "inquiry",
    "单一来源": "single_source",
    "框架协议": "framework",
    "挂牌": "listing",
    "拍卖": "auction",
    "招标出让": "tender",
    "网络竞价": "online_bidding",
}
FACT_CODES: Final = frozenset(
    {
        "approval",
        "funds",
        "specification",
        "estimate",
        "budget",
        "sme_policy",
        "method_approval",
        "invitation_approval",
        "supply_plan",
        "planning_conditions",
        "appraisal",
        "reserve_decision",
        "valuation",
        "priority_holders",
        "staff_settlement",
        "resource_report",
        "transferee_conditions",
        "quota",
        "eligible_emitters",
    }
)

# What an act of each link leaves behind: the only names a period, a window or a failure may point to.
PRODUCES: Final[dict[str, tuple[str, ...]]] = {
    "plan": ("plan.published",),
    "pre_disclosure": ("pre_disclosure.published", "pre_disclosure.until"),
    "prequal_notice": (
        "prequal_notice.published",
        "prequal_documents.from",
        "prequal_documents.until",
        "prequal_correction.published",
        "application_deadline",
    ),
    "notice": (
        "notice.published",
        "notice.until",
        "documents.from",
        "documents.until",
        "correction.published",
        "bid_deadline",
        "listing.from",
        "listing.until",
        "listing.extended_until",
        "auction.at",
        "stop.published",
        "resumption.published",
    ),
    "invitation": (
        "invitation.issued",
        "documents.from",
        "documents.until",
        "correction.published",
        "bid_deadline",
    ),
    "review": ("candidates.published", "review.ends"),
    "award": ("award.decided", "award_letter.issued", "result.published", "result_notice.ends"),
    "contract": (
        "contract.signed",
        "contract.published",
        "contract.filed",
        "deposit.refunded",
        "loser_deposit.refunded",
        "payment.due",
        "settlement.done",
    ),
    "fulfillment": ("acceptance.signed", "acceptance.published"),
    "round.bids": ("bid.submitted", "bid.withdrawn", "deposit.paid", "admission.proposed", "admission.answered"),
    "round.openings": ("opening.started", "opening_record.published"),
    "round.evaluations": ("report.signed", "report.received", "offer.invited", "final_deadline"),
    "round.auctions": ("auction.started", "hammer.at", "confirmation.signed"),
    "fact.approval": ("approval.granted",),
    "fact.valuation": ("valuation.filed",),
}
LINKS: Final = frozenset(k for k in PRODUCES if "." not in k)
ANNOUNCEMENTS: Final = ("prequal_notice", "notice", "invitation")
STEPS: Final[dict[str, int]] = {"bids": 0, "openings": 1, "evaluations": 2, "auctions": 2}
STEP_ACTS: Final[dict[str, str]] = {
    "bids": "bids.submit_bid",
    "openings": "openings.open_bids",
    "evaluations": "evaluations.sign_report",
    "auctions": "auctions.place_offer",
    "award": "awards.decide_award",
    "notice": "tenders.publish_notice",
}
ROLES: Final = frozenset(
    {"principal", "agency", "bidder", "panel", "guardian", "supervisor", "notary", "platform", "priority_holder"}
)
ACT_APPS: Final = frozenset(
    {
        "planning",
        "tenders",
        "bids",
        "openings",
        "evaluations",
        "auctions",
        "awards",
        "objections",
        "contracts",
        "fulfillment",
    }
)
# Supervisors see, order and decide complaints; these acts are never theirs (procedures.md §2).
NEVER_SUPERVISOR: Final = frozenset({"awards.decide_award", "evaluations.sign_report", "openings.open_bids"})
CLOSES: Final = frozenset({"deadline", "rolling", "extending"})
ADMITS: Final = frozenset({"anyone", "invited", "named"})
AWARD_MODES: Final = frozenset(
    {
        "rank_order",
        "rank_order_or_reasoned",
        "separated",
        "lottery",
        "lowest_compliant",
        "highest_offer",
        "multi_slot",
        "principal_choice",
        "direct",
    }
)
REVIEW_POSITIONS: Final = frozenset({"before_award", "before_contract", "after_award", "after_contract", "none"})
MEASURES: Final[dict[str, frozenset[str]]] = {
    "between": frozenset({"日", "工作日"}),
    "full": frozenset({"日", "工作日"}),
    "open": frozenset({"日", "工作日"}),
    "back": frozenset({"日", "工作日"}),
    "hours": frozenset({"小时"}),
}
# What a funding grade may override: the key, what it is called, and the table of its words.
GRADE_KEYS: Final[dict[str, tuple[str, str]]] = {
    "award.mode": ("定标", "award_modes"),
    "award.review.position": ("公示", "review_positions"),
    "award.review.blocks": ("公示期间", "blocks"),
}
BREACHES: Final = frozenset({"refuse", "warn", "alert"})
NOTICE_KINDS: Final = frozenset(
    {
        "plan",
        "pre_disclosure",
        "prequalification_notice",
        "tender_notice",
        "invitation",
        "correction",
        "suspension",
        "resumption",
        "prequalification_result",
        "opening_record",
        "candidates",
        "result",
        "contract",
        "acceptance",
        "failure",
        "termination",
        "complaint_decision",
    }
)
# The notice kinds that must be announced when a link stands in the chain: one of each tuple.
KINDS_OF_LINK: Final[dict[str, tuple[str, ...]]] = {
    "plan": ("plan",),
    "pre_disclosure": ("pre_disclosure",),
    "prequal_notice": ("prequalification_notice",),
    "notice": ("tender_notice",),
    "invitation": ("invitation",),
    "review": ("candidates", "result"),
    "award": ("result",),
    "contract": ("contract", "result"),
}
MEDIA: Final = frozenset({"platform", "cebpubservice", "ccgp", "landchina", "mnr", "exchange"})
SECRETS: Final = frozenset(
    {
        "bids",
        "bidders",
        "bidder_count",
        "downloads",
        "deposits",
        "panel",
        "bottom_price",
        "reserve_price",
        "applications",
        "offers",
        "questions",
        "minutes",
        "offer_names",
        "final_offers",
    }
)
SECRET_ENDS: Final = frozenset(
    {"opening", "award", "hammer", "report", "result", "contract", "listing_end", "deadline"}
)
ENDINGS: Final = frozenset({"流标", "废标", "否决全部投标", "终止", "无效", "流拍", "不成交"})
NEXTS: Final = frozenset({"rerun", "none", "next_candidate", "change_method", "relist", "extend"})
BLOCKS: Final = frozenset(
    {"all_until_answer", "opening", "award", "contract", "contract_signing", "certificate", "nothing"}
)
OBJECTION_TARGETS: Final = frozenset(
    {"prequal_document", "document", "opening", "candidates", "process", "result", "inquiry"}
)
