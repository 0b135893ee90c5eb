"""What a parcel or a mining area must state before it may be offered. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tradehall.kernel import statements as check
from tradehall.kernel.refusal import Violation

TERM: Final = "城镇国有土地使用权出让和转让暂行条例12"
RESERVE: Final = "招标拍卖挂牌出让国有建设用地使用权规定10"
MINING: Final = "矿产资源法19"
RIGHTS: Final[dict[str, str]] = {"land": "国有建设用地使用权", "mining": "矿业权"}
# The longest terms by use (rule L11); a use that is not here is "mixed or other".
LONGEST_YEARS: Final[dict[str, int]] = {
    "居住": 70, "工业": 50, "教育": 50, "科技": 50, "文化": 50, "卫生": 50, "体育": 50, "商业": 40, "旅游": 40, "娱乐": 40,
}  # fmt: skip
OTHER_YEARS: Final = 50


@dataclass(frozen=True, slots=True)
class LandSubject:
    """`conditions`: planning conditions of land, conditions for the taker of a mining right. `plan_no`: the yearly supply plan
    of land, the resource report of a mining right. `reserve_decision_no`: that the reserve was decided, never what it is."""

    right: str
    parcel_no: str
    location: str
    area_m2: str
    use: str
    term_years: int
    plan_no: str
    conditions_no: str
    conditions: str
    conditions_authority: str
    conditions_on: date
    appraisal_cents: int
    appraiser: str
    appraised_on: date
    reserve_decision_no: str
    document_sha256: str | None = None


def violations(stated: LandSubject, *, today: date) -> list[Violation]:
    """Everything wrong with a statement, at once."""
    return [
        *check.check_choice("right", "权利种类", stated.right, RIGHTS),
        *check.check_text("parcel_no", "宗地（矿区）编号", stated.parcel_no, limit=100),
        *check.check_text("location", "坐落", stated.location),
        *check.check_decimal("area_m2", "面积", stated.area_m2),
        *check.check_text("use", "用途（矿种）", stated.use, limit=100),
        *_term(stated),
        *check.check_text("plan_no", "供地计划（资源储量报告）文号", stated.plan_no, limit=100),
        *_conditions(stated, today),
        *check.check_cents("appraisal_cents", "评估价", stated.appraisal_cents),
        *check.check_text("appraiser", "评估机构", stated.appraiser, limit=200),
        *check.check_day("appraised_on", "评估日期", stated.appraised_on, today=today),
        *check.check_text(
            "reserve_decision_no", "底价集体决策文号", stated.reserve_decision_no, limit=100, basis=RESERVE
        ),
    ]


def longest_years(use: str) -> int:
    """By the first word the use names; mixed uses are judged as their strictest part."""
    named = [years for word, years in LONGEST_YEARS.items() if word in use]
    return min(named, default=OTHER_YEARS)


def _term(stated: LandSubject) -> list[Violation]:
    if stated.term_years < 1:
        return [check.violation("term_years", f"年限应至少一年，现为 {stated.term_years}", TERM)]
    longest = longest_years(stated.use)
    if stated.right == "land" and stated.term_years > longest:
        words = f"用途“{stated.use[:20]}”的出让年限最高 {longest} 年，现为 {stated.term_years} 年"
        return [check.violation("term_years", words, TERM)]
    return []


def _conditions(stated: LandSubject, today: date) -> list[Violation]:
    basis = MINING if stated.right == "mining" else "城乡规划法38"
    return [
        *check.check_text("conditions_no", "规划条件（受让人条件）文号", stated.conditions_no, limit=100, basis=basis),
        *check.check_text("conditions", "规划条件（受让人条件）", stated.conditions, limit=2000, basis=basis),
        *check.check_text("conditions_authority", "出具机关", stated.conditions_authority, limit=200, basis=basis),
        *check.check_day("conditions_on", "出具日期", stated.conditions_on, today=today, basis=basis),
    ]
