"""What native acts on projects and notices must keep: who may act, what a project and a notice must say. Pure.

Dates are judged in `timetable`. Knows no table and no clock, and never judges what others reported.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tradehall.kernel.actor import Actor
from tradehall.kernel.canonical import canonical_json
from tradehall.kernel.identifiers import check_unified_deal_code, check_uscc
from tradehall.kernel.money import Price
from tradehall.kernel.refusal import Violation
from tradehall.parties.rules import sees
from tradehall.procedures.rules import Definition, Failure
from tradehall.procedures.vocabulary import ANNOUNCEMENTS, FACT_CODES
from tradehall.tenders.kinds import KINDS, kind_label
from tradehall.tenders.reports import FACT_KEYS, Attachment, Block, Named

TITLE_LENGTH: Final = 300
# The link of the chain a kind of notice belongs to; the kinds `publish_notice` may publish.
LINK_OF_KIND: Final[dict[str, str]] = {
    "plan": "plan",
    "pre_disclosure": "pre_disclosure",
    "prequalification_notice": "prequal_notice",
    "tender_notice": "notice",
    "invitation": "invitation",
}
STAGE_KINDS: Final = (
    "prequalification_result", "opening_record", "candidates", "result", "contract", "acceptance", "complaint_decision",
)  # fmt: skip
# Which act publishes a kind that `publish_notice` does not.
ACT_FOR_KIND: Final[dict[str, str]] = {
    "correction": "更正公告",
    "suspension": "暂停交易",
    "resumption": "恢复交易",
    "failure": "终结本次交易",
    "termination": "终结本次交易",
    **dict.fromkeys(STAGE_KINDS, "所在环节的办理"),
}
ENDINGS: Final[dict[str, frozenset[str]]] = {
    "流标": frozenset({"流标", "流拍", "不成交"}),
    "废标": frozenset({"废标", "否决全部投标"}),
    "终止": frozenset({"终止"}),
    "无效": frozenset({"无效"}),
}
KIND_OF_ENDING: Final[dict[str, str]] = {
    "流标": "failure", "废标": "failure", "终止": "termination", "无效": "termination",
}  # fmt: skip
SUPERVISORS: Final = frozenset({"supervisor"})
ROLE_WORDS: Final[dict[str, str]] = {
    "principal": "招标人（采购人、出让人、转让方）",
    "agency": "代理机构",
    "supervisor": "行政监督部门",
    "platform": "平台",
    "panel": "评审专家",
}
LOT_FACT_CODES: Final = FACT_CODES | frozenset(FACT_KEYS) | {"classification"}
FACT_WORDS: Final[dict[str, str]] = {
    "budget_cents": "预算金额", "ceiling_cents": "最高限价", "starting_price_cents": "起始价", "deposit_cents": "保证金",
    "estimate_cents": "估算价", "area_m2": "面积", "land_use": "用途", "term_years": "年限", "quality": "质量要求",
    "period": "工期（服务期）", "opening_place": "开标地点", "regulator": "监督部门", "supply_method": "供应方式",
    "expected_on": "预计时间", "cause": "原因", "basis": "依据", "ending": "结局",
}  # fmt: skip
_BLOCKS: Final = frozenset({"heading", "paragraph", "table"})
_CODE: Final = re.compile(r"[A-Z]\d{2}")


@dataclass(frozen=True, slots=True)
class NewLot:
    """A lot as its principal registers it; with a classification the platform can give it a unified deal code."""

    name: str
    classification: str | None = None
    unified_code: str | None = None


@dataclass(frozen=True, slots=True)
class NoticePublished:
    """What a publishing act leaves. `noted` are warnings of rules that do not refuse."""

    notice_no: str
    version: int
    project_no: str
    noted: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything a notice says apart from its dates."""

    kind: str
    title: str
    body: tuple[Block, ...] = ()
    amount: Price | None = None
    amount_label: str | None = None
    facts: dict[str, object] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


def floor_price(wording: Wording) -> int | None:
    """What a sale starts from: the stated starting price, else the notice's amount."""
    stated = wording.facts.get("starting_price_cents")
    if isinstance(stated, int):
        return stated
    return wording.amount.cents if wording.amount else None


def roles_in_project(
    by: Actor, principal: Named, agency: Named | None, line: str, district: str | None
) -> frozenset[str]:
    """The roles the actor holds *here*: a principal only of his own projects, a supervisor of those he is bound to."""
    held = set()
    if by.has("principal") and _is(by, principal):
        held.add("principal")
    if by.has("agency") and agency is not None and _is(by, agency):
        held.add("agency")
    if sees(by, SUPERVISORS, line, district):
        held.add("supervisor")
    if by.kind == "platform":
        held.add("platform")
    return frozenset(held)


def role_violations(act: str, held: Iterable[str], allowed: Sequence[str], basis: str | None = None) -> list[Violation]:
    if set(held) & set(allowed):
        return []
    words = "、".join(ROLE_WORDS.get(role, role) for role in allowed)
    return [Violation("tenders.role", f"{act}只能由本项目的{words}办理；没有保存任何内容", "by", basis)]


def allowed_roles(definition: Definition, act: str) -> tuple[str, ...]:
    """Who may do an act; acts a definition does not name follow those who may publish."""
    return definition.actors.get(act) or definition.actors.get("tenders.publish_notice") or ("principal", "agency")


def definition_basis(definition: Definition) -> str:
    return f"{definition.title}（{definition.id}@{definition.version}）"


def party_violations(party: Named | None, field_name: str) -> list[Violation]:
    if party is None:
        return []
    found = [] if party.name.strip() else [Violation("tenders.party_name", "名称不能为空", f"{field_name}.name")]
    if party.uscc is not None:
        found += _checked(check_uscc, party.uscc, f"{field_name}.uscc", "GB 32100")
    return found


def lot_violations(lots: Sequence[NewLot], line_prefixes: Sequence[str], known: Iterable[str]) -> list[Violation]:
    """`known`: the classification codes of the code list."""
    if not lots:
        return [Violation("tenders.no_lots", "项目至少要有一个标段（包、宗地、标的）", "lots")]
    found: list[Violation] = []
    names = [lot.name.strip() for lot in lots]
    codes = set(known)
    for number, lot in enumerate(lots):
        where = f"lots[{number}]"
        if not names[number]:
            found.append(Violation("tenders.lot_name", "标段名称不能为空", f"{where}.name"))
        elif names.index(names[number]) != number:
            found.append(Violation("tenders.lot_name", f"标段名称重复：{names[number]}", f"{where}.name"))
        found += _classification_violations(lot, where, line_prefixes, codes)
    return found


def _classification_violations(lot: NewLot, where: str, prefixes: Sequence[str], known: set[str]) -> list[Violation]:
    found: list[Violation] = []
    if lot.classification is not None:
        if lot.classification not in known:
            found.append(Violation("tenders.classification", f"没有这个公共资源交易分类代码：{lot.classification}",
                                   f"{where}.classification"))  # fmt: skip
        elif not lot.classification.startswith(tuple(prefixes)):
            found.append(Violation("tenders.classification", f"分类代码 {lot.classification} 不属于本项目的交易类别",
                                   f"{where}.classification"))  # fmt: skip
    if lot.unified_code is not None:
        found += _checked(check_unified_deal_code, lot.unified_code, f"{where}.unified_code", "统一交易标识码规则")
        if lot.classification and not lot.unified_code.startswith(lot.classification):
            found.append(Violation("tenders.unified_code", f"统一交易标识码与分类代码 {lot.classification} 不一致",
                                   f"{where}.unified_code"))  # fmt: skip
    return found


def kind_violations(definition: Definition, line: str, kind: str) -> list[Violation]:
    """Whether `publish_notice` may publish this kind under this definition."""
    if kind not in KINDS:
        return [Violation("tenders.kind", f"没有这种公告：{kind}", "kind")]
    if kind in ACT_FOR_KIND:
        why = f"{kind_label(line, kind)}由“{ACT_FOR_KIND[kind]}”发布，不能直接发布"
        return [Violation("tenders.kind", why, "kind")]
    link = LINK_OF_KIND.get(kind)
    if link is None or link not in definition.chain:
        why = f"{definition.title}的流程中没有{kind_label(line, kind)}"
        return [Violation("tenders.kind", why, "kind", definition_basis(definition))]
    return []


def scope_violations(definition: Definition, line: str, method: str | None, classes: Iterable[str]) -> list[Violation]:
    basis, found = definition_basis(definition), []
    if definition.scope.line != line:
        found.append(
            Violation("tenders.definition", f"{definition.title}不适用于本项目的交易类别", "definition_id", basis)
        )
    if method is not None and method != definition.scope.method_code:
        found.append(
            Violation("tenders.method", f"交易方式应为{definition.scope.method}，与所选规则一致", "method", basis)
        )
    outside = sorted({code for code in classes if code not in definition.scope.classes})
    if outside and definition.scope.line == line:
        message = f"{definition.title}不适用于分类 {'、'.join(outside)}"
        found.append(Violation("tenders.definition", message, "definition_id", basis))
    return found


def grade_violations(definition: Definition, grade: str | None) -> list[Violation]:
    names = [one.name for one in definition.law.grades]
    if grade is None or grade in names:
        return []
    message = f"没有名为“{grade}”的分级，可选：{'、'.join(names) or '无'}"
    return [Violation("tenders.grade", message, "grade", definition_basis(definition))]


def wording_violations(wording: Wording) -> list[Violation]:
    found = []
    if not wording.title.strip():
        found.append(Violation("tenders.title", "公告标题不能为空", "title"))
    elif len(wording.title) > TITLE_LENGTH:
        found.append(Violation("tenders.title", f"公告标题不能超过 {TITLE_LENGTH} 字", "title"))
    for number, block in enumerate(wording.body):
        if block.get("type") not in _BLOCKS or not _has_content(block):
            found.append(Violation("tenders.body", "正文段落的形式不对或没有内容", f"body[{number}]"))
    found += fact_violations(wording.facts, frozenset(FACT_KEYS))
    return found


def fact_violations(facts: Mapping[str, object], known: frozenset[str]) -> list[Violation]:
    found = []
    for key, value in facts.items():
        if key not in known:
            found.append(Violation("tenders.fact", f"没有这个要素：{key}", f"facts.{key}"))
            continue
        if key.endswith("_cents") and not _is_cents(value):
            found.append(Violation("tenders.fact", "金额应为不小于零的整数分", f"facts.{key}"))
            continue
        try:
            canonical_json(value)
        except (TypeError, ValueError) as error:
            found.append(Violation("tenders.fact", f"要素的值不能保存：{error}", f"facts.{key}"))
    return found


def missing_facts(definition: Definition, stated: Mapping[str, Iterable[str]]) -> list[Violation]:
    """Entry conditions: `stated` gives the codes known of each lot."""
    lacking = [(lot_no, code) for lot_no, codes in stated.items() for code in definition.requires if code not in codes]
    basis = definition_basis(definition)
    return [
        Violation("tenders.lot_fact", f"标段 {lot_no} 缺少办理条件：{code}；请先登记", f"lot_facts.{code}", basis)
        for lot_no, code in lacking
    ]


def failures_of(definition: Definition, ending: str) -> tuple[Failure, ...]:
    return tuple(one for one in definition.law.failures if one.ends in ENDINGS[ending])


def ending_violations(definition: Definition, ending: str) -> list[Violation]:
    if ending not in ENDINGS:
        return [Violation("tenders.ending", f"没有这种结局：{ending}；可选：{'、'.join(ENDINGS)}", "kind")]
    if failures_of(definition, ending):
        return []
    possible = [one for one in ENDINGS if failures_of(definition, one)]
    message = f"{definition.title}没有{ending}这种结局，可选：{'、'.join(possible)}"
    return [Violation("tenders.ending", message, "kind", definition_basis(definition))]


def rerun_violations(definition: Definition, ending: str | None, number: int) -> list[Violation]:
    if ending is None:
        return [Violation("tenders.not_ended", f"第{number}次交易还没有终结，不能重新开始", "project_no")]
    if ending == "成交":
        return [Violation("tenders.rerun", f"第{number}次交易已经成交，不能重新开始", "project_no")]
    failures = failures_of(definition, ending)
    if any(one.next != "none" for one in failures):
        return []
    basis = failures[0].basis if failures else definition_basis(definition)
    return [Violation("tenders.rerun", f"{ending}之后不再重新开始；仍要交易的，请登记新的项目", "project_no", basis)]


def is_announcement(kind: str) -> bool:
    return LINK_OF_KIND.get(kind) in ANNOUNCEMENTS


def round_after(definition: Definition, kind: str) -> str | None:
    """The round the notice opens: the next one in the chain."""
    place = definition.chain.index(LINK_OF_KIND[kind])
    rounds = (link for link in definition.chain[place:] if link.startswith("round:"))
    return next(rounds, "").removeprefix("round:") or None


def classification_of(unified_code: str | None, stated: object) -> str | None:
    if isinstance(stated, str):
        return stated
    return unified_code[:3] if unified_code and _CODE.match(unified_code) else None


def text_violations(text: str, field_name: str, words: str) -> list[Violation]:
    return [] if text.strip() else [Violation("tenders.missing", f"请写明{words}", field_name)]


def _is(by: Actor, party: Named) -> bool:
    return by.organisation is not None and by.organisation in (party.name, party.uscc)


def _is_cents(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _has_content(block: Block) -> bool:
    content = block.get("rows") if block.get("type") == "table" else block.get("text")
    return bool(content)


def _checked(check: Callable[[str], None], text: str, field_name: str, basis: str) -> list[Violation]:
    try:
        check(text)
    except ValueError as error:
        return [Violation("tenders.identifier", str(error), field_name, basis)]
    return []
