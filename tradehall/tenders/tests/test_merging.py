"""Matching and merging as properties: gaps are filled, nothing stated changes, spelling of names does not count."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel.masking import mask_personal
from tradehall.tenders import matching, merging, rendition
from tradehall.tenders.matching import Known
from tradehall.tenders.reports import Named, NoticeReport, ProjectClaim
from tradehall.tenders.tests.samples import TENDER

NAMES = st.sampled_from(("滨江路泵站", "滨江路雨水泵站改造工程施工", "青石中学教学楼维修工程施工", ""))
TEXTS = st.sampled_from((None, "open", "invited"))
_HALL = "云河市水务局"
PARTIES = st.sampled_from((None, Named(_HALL), Named(_HALL, "11310000000000000X"), Named("青石市水务局")))
FACTS = st.dictionaries(
    st.sampled_from(("cause", "basis", "winners")),
    st.sampled_from(("甲", "乙", [{"name": "甲公司", "price": None}], [{"name": "甲公司", "price": "一元"}])),
)
# Digits, separators and letters in every arrangement that could be somebody's number.
NUMBERISH = st.lists(
    st.sampled_from(
        ("13812345678", "138", "1234", "5678", " ", "　", "-", "－", "１３８", "8", "86", "+86", "x", "号码", "\x01", ".",
         "310101199001011234", "310101900101123", "110105194912310021", "1381234567", "0")
    ),
    max_size=9,
).map("".join)  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> NoticeReport:
    return replace(
        TENDER,
        title=draw(NAMES),
        project=ProjectClaim(draw(NAMES), draw(st.sampled_from((None, "A-1", "B-2")))),
        principal=draw(PARTIES),
        agency=draw(PARTIES),
        method=draw(TEXTS),
        district=draw(st.sampled_from((None, "310115", "320102"))),
        facts=draw(FACTS),
        body=draw(st.sampled_from(((), TENDER.body))),
    )


@given(reports(), reports())
def test_what_was_stated_never_changes(ours: NoticeReport, theirs: NoticeReport) -> None:
    before, more = rendition.stated(ours), rendition.stated(theirs)
    merged = merging.enrich(before, more)
    for key in ("title", "kind", "line", "method", "district"):
        assert merged[key] == (before[key] or merged[key])
    assert all(merged["facts"][key] == value for key, value in before["facts"].items() if isinstance(value, str))
    assert (merged["principal"] or {}).get("name") == (before["principal"] or more["principal"] or {}).get("name")


@given(reports(), reports())
def test_merging_twice_is_merging_once(ours: NoticeReport, theirs: NoticeReport) -> None:
    once = merging.enrich(rendition.stated(ours), rendition.stated(theirs))
    assert merging.enrich(once, rendition.stated(theirs)) == once
    assert merging.enrich(once, rendition.stated(ours)) == once


@given(reports())
def test_a_report_may_always_join_the_project_it_made(report: NoticeReport) -> None:
    principal = report.principal.name if report.principal else None
    known = Known("R1", report.project.name, report.project.code, principal, report.district)
    assert all(matching.may_join(known, report, key.kind) for key in matching.keys(report))


@given(reports(), reports())
def test_joining_by_name_is_mutual(one: NoticeReport, other: NoticeReport) -> None:
    def known(report: NoticeReport) -> Known:
        principal = report.principal.name if report.principal else None
        return Known("R1", report.project.name, report.project.code, principal, report.district)

    there = matching.may_join(known(one), other, matching.EXACT_NAME)
    assert there == matching.may_join(known(other), one, matching.EXACT_NAME)


@given(NUMBERISH)
def test_the_quick_look_never_lets_a_number_through(text: str) -> None:
    assert rendition.shown(text) == mask_personal(text)
    blocks = ({"type": "paragraph", "text": text}, {"type": "table", "rows": [["电话", text], [text, ""]]})
    told = rendition.stated(replace(TENDER, body=blocks, facts={"cause": text}, reason=text))
    assert told["body"][0]["text"] == told["reason"] == told["facts"]["cause"] == mask_personal(text)
    assert told["body"][1]["rows"] == [["电话", mask_personal(text)], [mask_personal(text), ""]]


def test_the_amount_is_the_price_and_its_label() -> None:
    told = rendition.stated(replace(TENDER, amount_label="中标价"))["amount"]
    assert told == {**TENDER.amount.as_json(), "label": "中标价"}


def test_spelling_and_brackets_do_not_tell_projects_apart() -> None:
    wide = replace(TENDER, project=ProjectClaim("滨江路雨水泵站 改造工程（一期）"), principal=Named("云河市 水务局"))
    plain = replace(TENDER, project=ProjectClaim("滨江路雨水泵站改造工程(一期)"), principal=Named("云河市水务局"))
    assert matching.keys(wide) == matching.keys(plain)


def test_a_short_name_alone_stands_for_no_project() -> None:
    bare = replace(TENDER, project=ProjectClaim("体育馆"), principal=None)
    [one] = matching.keys(bare)
    [other] = matching.keys(replace(bare, source_id="2"))
    assert one.kind == matching.FIRST and one != other
