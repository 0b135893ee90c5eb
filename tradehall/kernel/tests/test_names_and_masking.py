"""Names compared, personal numbers hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel import masking
from tradehall.kernel.identifiers import compute_citizen_check, compute_uscc_check
from tradehall.kernel.masking import mask_personal
from tradehall.kernel.names import mention_no, normalise_name, normalise_title

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
BORN = st.dates().filter(lambda day: 1900 <= day.year <= 2099).map(lambda day: day.strftime("%Y%m%d"))
CITIZEN = st.builds(lambda born, serial: f"310115{born}{serial:03}", BORN, st.integers(0, 999)).map(
    lambda body: body + compute_citizen_check(body)
)
USCC = st.from_regex(r"9[123](31|44|50)[0-9]{4}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True).map(
    lambda body: body + compute_uscc_check(body)
)
AROUND = st.text("公告联系人：，。（） \n|", max_size=5)


@pytest.mark.parametrize(
    "name",
    [
        "澄州市建工（集团）有限公司",
        "澄州市建工(集团)有限公司",
        " 澄州市 建工〔集团〕有限公司。",
        "澄州市建工\u200b（集团）\n有限公司",
    ],
)
def test_one_name_in_many_spellings(name: str) -> None:
    assert normalise_name(name) == "澄州市建工(集团)有限公司"
    assert mention_no(name) == mention_no("澄州市建工（集团）有限公司")


def test_a_mention_has_a_short_number() -> None:
    number = mention_no("澄州市建工有限公司")
    assert number.startswith("n-") and len(number) == 18 and int(number[2:], 16) >= 0
    assert number != mention_no("澄州市建工二公司")


def test_titles_lose_quotation_marks_and_kinds_of_dash() -> None:
    assert normalise_title("“云湖区”学校—新建工程 （一期）") == normalise_title("云湖区学校-新建工程(一期)")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert normalise_title(normalise_title(text)) == normalise_title(text)


@given(AROUND, MOBILE, AROUND)
def test_every_mobile_number_is_masked(before: str, number: str, after: str) -> None:
    assert mask_personal(before + number + after) == before + number[:3] + "********" + after


@given(AROUND, CITIZEN, AROUND)
def test_every_citizen_id_is_masked(before: str, number: str, after: str) -> None:
    assert mask_personal(before + number + after) == before + number[:3] + "*" * 15 + after


@given(AROUND, USCC, AROUND)
def test_codes_of_organisations_stay(before: str, code: str, after: str) -> None:
    assert mask_personal(before + code + after) == before + code + after


@given(st.text("0123456789Xx１３８ -+.Tel元电话", max_size=80))
def test_masking_twice_changes_nothing_and_keeps_the_length(text: str) -> None:
    once = mask_personal(text)
    assert mask_personal(once) == once and len(once) == len(text)


@given(st.text("0123456789138+- 86.ITelD元/", max_size=80))
def test_a_look_where_digits_begin_finds_what_a_look_everywhere_finds(text: str) -> None:
    everywhere = [found.span() for found in masking._SENSITIVE.finditer(text)]
    assert [found.span() for found in masking._sensitive(text)] == everywhere


@pytest.mark.parametrize(
    "text",
    ["021-58881234", "0571-88888888转8001", "(0577)88123456", "400-820-8820", "CZGC-2026-09-0431",
     "20260317093000", "13812345678.50",
     "金额13812345678元", "91310115MA1K35XX0N", "A01-12320000466011756J-20260101-000001-U", "JG13812345678",
     "2504-310115-04-01-123456",
     "310115001234567", "150-2026-0317-01", "138123456789", "0.13812345678"],
)  # fmt: skip
def test_what_is_no_personal_number_stays(text: str) -> None:
    assert mask_personal(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [("Tel13812345678", "Tel138********"), ("+8613812345678", "+86138********"), ("１３８１２３４５６７８",
     "１３８********"),
     ("138-1234-5678", "138-****-****"), ("138 1234 5678", "138 **** ****"), ("13812345678/13912345678",
     "138********/139********"),
     ("身份证号31011519900307123X", "身份证号310***************"), ("310115900307123", "310************"),
     ("0577-88123456/13812345678", "0577-88123456/138********"), ("86-13812345678", "86-138********")],
)  # fmt: skip
def test_the_many_ways_to_write_them(text: str, masked: str) -> None:
    assert mask_personal(text) == masked
