"""Whether every code of a definition has Chinese words (`labels.toml`): the public page can then be said in full.

Names the key and the code without words; what the words are is no business of this.
"""

from collections.abc import Iterable, Iterator

from tradehall.procedures import labels
from tradehall.procedures.rules import AuctionRule, AwardRule, Definition, Deposit, Round

Coded = tuple[str, str, Iterable[str | None]]


def unworded(definition: Definition) -> Iterator[tuple[str, str]]:
    for key, table, codes in _coded(definition):
        for code in codes:
            if code is not None and not labels.knows(table, code):
                yield key, f"{code} 没有中文说法"


def _coded(d: Definition) -> Iterator[Coded]:
    yield "actors", "acts", d.actors
    yield "chain", "links", [link for link in d.chain if not link.startswith("round:")]
    yield "priority", "priorities", [d.priority]
    for r in d.rounds:
        yield from _of_round(r)
    yield from _of_deposit(d.deposit) if d.deposit else ()
    yield from _of_auction(d.auction) if d.auction else ()
    yield from _of_award(d.award)
    yield "law.objections", "objectors", [o.by for o in d.law.objections]
    yield "law.complaint", "complaint_after", [d.law.complaint.after]
    yield "law.complaint", "complaint_excludes", [d.law.complaint.excludes]
    if d.law.rerun:
        yield "law.rerun", "changeable", d.law.rerun.may_change
        yield "law.rerun", "second_failures", [d.law.rerun.second_failure]
    yield "law.filings", "roles", [f.to for f in d.law.filings]
    yield "law.filings", "moments", [f.after for f in d.law.filings]


def _of_round(r: Round) -> Iterator[Coded]:
    key = f"rounds.{r.id}"
    yield key, "rounds", [r.id]
    yield f"{key}.envelopes", "envelopes", r.envelopes
    yield f"{key}.consortium", "consortia", [r.consortium]
    yield f"{key}.input", "inputs", [r.input]
    yield f"{key}.invite", "invites", [r.invite]
    yield f"{key}.may_change", "changeable", r.may_change
    yield f"{key}.told", "told", [r.told]
    yield f"{key}.checks", "checks", [check.partition(":")[0] for check in r.checks]
    yield f"{key}.checks", "roles", [check.partition(":")[2] for check in r.checks]
    if r.opening:
        yield f"{key}.opening.at", "moments", [r.opening.at]
        yield f"{key}.opening.seal", "seals", [r.opening.seal]
    if r.panel:
        yield f"{key}.panel.draw", "draws", [r.panel.draw]
        yield f"{key}.panel.secret_until", "secret_ends", [r.panel.secret_until]
    if r.evaluation:
        yield f"{key}.evaluation.method", "evaluations", [r.evaluation.method]
        yield f"{key}.evaluation.criteria", "criteria", [r.evaluation.criteria]
        yield f"{key}.evaluation.price_weight", "goods", r.evaluation.price_weight
    if r.admission:
        yield f"{key}.admission.by", "admitters", [r.admission.by]
        yield f"{key}.admission", "admission_times", [r.admission.when, r.admission.recheck]


def _of_deposit(deposit: Deposit) -> Iterator[Coded]:
    yield "deposit.limit.of", "deposit_of", [deposit.limit.of]
    yield "deposit.forms", "deposit_forms", deposit.forms
    yield "deposit.keep_if", "kept_if", deposit.keep_if
    yield "deposit.rules", "deposit_flags", [key for key, value in deposit.rules.items() if value is True]
    worded = {key: value for key, value in deposit.rules.items() if isinstance(value, str)}
    yield "deposit.rules", "deposit_rules", worded
    # A rule id stands for what the register says of it.
    yield "deposit.rules", "deposit_values", [value for value in worded.values() if not value[:1].isupper()]


def _of_auction(auction: AuctionRule) -> Iterator[Coded]:
    price = auction.price
    sources = [price.start, price.step, price.floor, price.ceiling, price.reserve]
    yield "auction.price", "price_sources", sources
    yield "auction.clearing", "clearings", [auction.clearing]
    for p in auction.phases:
        key = f"auction.phases.{p.id}"
        yield key, "phases", [p.id]
        yield f"{key}.kind", "phase_kinds", [p.kind]
        yield f"{key}.ends", "phase_ends", [p.ends]
        yield f"{key}.reset", "resets", [p.reset]
        yield f"{key}.visible", "visible", [p.visible]
        yield f"{key}.winner", "winners", [p.winner]
        yield f"{key}.tie", "ties", [p.tie]
        yield f"{key}.none", "no_offers", [p.none]
        yield f"{key}.band", "bands", [p.band]


def _of_award(award: AwardRule) -> Iterator[Coded]:
    yield "award.review.what", "reviewed", [award.review.what]
    yield "award.review.blocks", "blocks", [award.review.blocks]
    yield "award.next_if", "next_if", award.next_if
    if award.recheck:
        yield "award.recheck.by", "recheckers", [award.recheck.by]
        yield "award.recheck.before", "recheck_times", [award.recheck.before]
    if award.decision:
        yield "award.decision.by", "deciders", [award.decision.by]
        yield "award.decision.methods", "decisions", award.decision.methods
