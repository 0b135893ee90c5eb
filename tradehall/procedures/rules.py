"""A procedure definition and the rule register as typed, frozen values.

Only shapes and small questions about one value; files are read by `loading`, proved by `soundness`, dated by `periods`.
Attribute names are the TOML keys; a Python keyword gets a trailing underscore (`from_`, `or_`).
"""

from dataclasses import dataclass, field
from datetime import date

from tradehall.procedures.vocabulary import METHOD_CODES, PRODUCES


@dataclass(frozen=True, slots=True)
class Scope:
    """`expected`: the definition whose chain is shown for a reported attempt of this line and method."""

    line: str
    method: str
    direction: str
    classes: tuple[str, ...]
    expected: bool = False

    @property
    def method_code(self) -> str:
        return METHOD_CODES[self.method]


@dataclass(frozen=True, slots=True)
class Compulsory:
    rule: str
    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlternativeCount:
    n: int
    basis: str
    when: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    min_bidders: int
    min_after_decryption: int = 0
    min_valid: int = 0
    or_: AlternativeCount | None = None


@dataclass(frozen=True, slots=True)
class OpeningRule:
    at: str
    public_reading: bool
    seal: str


@dataclass(frozen=True, slots=True)
class PanelRule:
    size_min: int
    odd: bool
    experts_min: str
    draw: str
    secret_until: str
    basis: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationRule:
    method: str
    criteria: str = "from_document"
    candidates_max: int | None = None
    ranked: bool = True
    price_weight: dict[str, tuple[int, ...]] = field(default_factory=dict)
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class AdmissionRule:
    by: str
    when: str
    recheck: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Round:
    """Passes bids, openings, evaluations or auctions once; a loop is a further round."""

    id: str
    admits: str
    steps: tuple[str, ...]
    closes: str | None = None
    envelopes: tuple[str, ...] = ("single",)
    opens_after: str | None = None
    counts: Counts | None = None
    consortium: str | None = None
    opening: OpeningRule | None = None
    panel: PanelRule | None = None
    checks: tuple[str, ...] = ()
    evaluation: EvaluationRule | None = None
    admission: AdmissionRule | None = None
    repeat: Repeat | None = None
    input: str | None = None
    invite: str | None = None
    may_change: tuple[str, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True)
class DepositLimit:
    """`at_least` turns the share into a floor (land); else it is a ceiling. The cap is always provisional."""

    share: str
    of: str
    rule: str
    cap: str | None = None
    at_least: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Deposit:
    limit: DepositLimit
    forms: tuple[str, ...]
    rules: dict[str, str | bool] = field(default_factory=dict)
    keep_if: tuple[str, ...] = ()
    provisional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewRule:
    what: str
    position: str
    blocks: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Slots:
    """Without `max` the notice or the quantity limits the number of awards."""

    min: int
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Recheck:
    by: str
    before: str
    basis: str


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """How a principal's own committee decides (评定分离)."""

    by: str
    methods: tuple[str, ...]
    basis: str
    second_review: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class AwardRule:
    mode: str
    review: ReviewRule
    slots: Slots
    next_if: tuple[str, ...] = ()
    recheck: Recheck | None = None
    decision: DecisionRule | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """`min` = not less, `max` = not later; exactly one of them. breach = refuse | move:<term> | warn | alert."""

    rule: str
    from_: str
    to: str
    measure: str
    unit: str
    breach: str
    min: int | None = None
    max: int | None = None
    basis: str | None = None
    when: str | None = None
    provisional: bool = False

    @property
    def count(self) -> int:
        return self.min if self.min is not None else (self.max or 0)


@dataclass(frozen=True, slots=True)
class ObjectionRule:
    target: str
    answer: str
    by: str
    blocks: str
    rule: str
    from_: str | None = None
    until: str | None = None
    within: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintRule:
    """`to` names the authority where the law gives no clock; `provisional` names the keys not yet verified."""

    rule: str
    within: str | None = None
    after: str | None = None
    decide: str | None = None
    to: str | None = None
    accept: str | None = None
    excludes: str | None = None
    suspend: str | None = None
    provisional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    kind: str
    data_set: str
    media: tuple[str, ...]
    within: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    what: tuple[str, ...]
    until: str
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    when: str
    ends: str
    next: str
    basis: str
    at: str | None = None
    opens: bool = True
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class RerunRule:
    may_change: tuple[str, ...]
    basis: str
    analyse_cause: bool = False
    second_failure: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class FilingRule:
    what: str
    to: str
    after: str
    within: str
    blocks: str
    rule: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """资金来源分级: the first whose condition holds overrides keys or drops rules; the rest stays."""

    name: str
    when: str
    set: dict[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    basis: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    periods: tuple[PeriodRule, ...]
    complaint: ComplaintRule
    publications: tuple[Publication, ...]
    secrets: tuple[Secret, ...]
    failures: tuple[Failure, ...]
    objections: tuple[ObjectionRule, ...] = ()
    rerun: RerunRule | None = None
    filings: tuple[FilingRule, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    kind: str
    from_: str | None = None
    until: str | None = None
    min_days: int | None = None
    minutes: int | None = None
    seconds: int | None = None
    reset: str | None = None
    ends: str | None = None
    when: str | None = None
    visible: str | None = None
    at_ceiling: str | None = None
    offers: int | None = None
    band: str | None = None
    unique: bool = False
    winner: str | None = None
    tie: str | None = None
    none: str | None = None
    rule: str | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class PriceRule:
    start: str | None = None
    step: str | None = None
    floor: str | None = None
    ceiling: str | None = None
    reserve: str | None = None


@dataclass(frozen=True, slots=True)
class AuctionRule:
    price: PriceRule
    phases: tuple[Phase, ...]
    clearing: str | None = None


@dataclass(frozen=True, slots=True)
class Extend:
    step: int
    unit: str
    until: str


@dataclass(frozen=True, slots=True)
class Listing:
    extend: Extend | None = None


@dataclass(frozen=True, slots=True)
class LotsRule:
    limit_per_bidder: int | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One flattened version: what an Attempt pins. `base` says which definition it was laid over."""

    schema: int
    id: str
    version: str
    title: str
    scope: Scope
    valid_from: date
    basis: tuple[str, ...]
    requires: tuple[str, ...]
    chain: tuple[str, ...]
    actors: dict[str, tuple[str, ...]]
    rounds: tuple[Round, ...]
    award: AwardRule
    law: Law
    base: str | None = None
    compulsory: Compulsory | None = None
    deposit: Deposit | None = None
    auction: AuctionRule | None = None
    listing: Listing | None = None
    lots: LotsRule | None = None
    priority: str | None = None
    notes: tuple[str, ...] = ()

    def round(self, round_id: str) -> Round:
        return next(r for r in self.rounds if r.id == round_id)

    def produced(self) -> frozenset[str]:
        """Every term and fact that some act in this chain leaves behind."""
        names = [n for link in self.chain for n in PRODUCES.get(link, ())]
        names += [n for r in self.rounds for step in r.steps for n in PRODUCES.get(f"round.{step}", ())]
        names += [n for code in self.requires for n in PRODUCES.get(f"fact.{code}", ())]
        return frozenset(names)


@dataclass(frozen=True, slots=True)
class LawText:
    """A statute or rule named in a basis; `names` are the forms definitions may use before an article number."""

    title: str
    names: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the register. Only a rule whose statute text was read (mark L) may refuse anything.

    Without `basis` no article is claimed; `source` says where the rule was seen.
    """

    id: str
    title: str
    limit: str
    mark: str
    basis: str | None = None
    source: str | None = None

    @property
    def is_provisional(self) -> bool:
        return self.mark != "L"


@dataclass(frozen=True, slots=True)
class Register:
    laws: tuple[LawText, ...]
    rules: tuple[Rule, ...]

    def rule(self, rule_id: str) -> Rule:
        return next(r for r in self.rules if r.id == rule_id)

    def has(self, rule_id: str) -> bool:
        """`T16a` is a part of `T16`; parts are registered on their own when their limits differ."""
        return any(r.id == rule_id for r in self.rules)
