"""Check characters, against published codes and against every single mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel import identifiers as ids

REAL_USCC = ["12320200466372674G", "12320000466011756J", "11150100MB1E47030G", "121500004600236091"]
DEAL = "A01-12320000466011756J-20260101-000001-U"
VECTORS = [
    ("B01", "12320200466372674G", "20160629", "000001", "P"),
    ("A01", "12320000466011756J", "20260101", "000001", "U"),
    ("D01", "12320000466011756J", "20260101", "000123", "R"),
]
ALPHABET_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", REAL_USCC)
def test_codes_of_real_bodies_hold(code: str) -> None:
    ids.check_uscc(code)
    assert ids.is_uscc(code)


@given(st.sampled_from(REAL_USCC), st.integers(0, 17), st.sampled_from(ALPHABET_31))
def test_one_wrong_character_is_always_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert ids.is_uscc(wrong) == (wrong == code)


@pytest.mark.parametrize(
    "code", ["", "12320200466372674g", "1232020046637267", "I2320200466372674G", "１2320200466372674G"]
)
def test_malformed_codes_are_named_as_such(code: str) -> None:
    with pytest.raises(ValueError, match="统一社会信用代码应为 18 位"):
        ids.check_uscc(code)


def test_a_wrong_check_character_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="校验位不符"):
        ids.check_uscc("12320200466372674H")


def test_organisation_codes() -> None:
    ids.check_organisation_code("46637267-4")
    assert ids.is_organisation_code("466372674") and not ids.is_organisation_code("466372675")
    with pytest.raises(ValueError, match="校验码不符"):
        ids.check_organisation_code("46637267-5")


def test_citizen_ids() -> None:
    ids.check_citizen_id("11010519491231002X")
    for wrong in (
        "110105194912310021",
        "11010519490231002X",
        "99010519491231002X",
        "1101051949123100",
        "11010519491231002x",
    ):
        assert not ids.is_citizen_id(wrong)


def test_a_refused_citizen_id_is_not_repeated() -> None:
    with pytest.raises(ValueError) as refused:
        ids.check_citizen_id("110105194912310021")
    assert "1949" not in str(refused.value)


@pytest.mark.parametrize(("kind", "platform", "day", "serial", "check"), VECTORS, ids=["土地", "房建", "采购"])
def test_unified_deal_codes(kind: str, platform: str, day: str, serial: str, check: str) -> None:
    assert ids.compute_unified_deal_check(kind + platform + day + serial) == check
    full = f"{kind}-{platform}-{day}-{serial}-{check}"
    bare = full.replace("-", "")
    assert {ids.normalise_unified_deal_code(form) for form in (full, bare)} == {full}
    assert ids.normalise_unified_deal_code(bare[3:], kind) == ids.normalise_unified_deal_code(full[4:], kind) == full


def test_the_published_example_of_mod_37_2() -> None:
    assert ids.compute_unified_deal_check("A999922123459") == "H"


@given(st.integers(0, 34), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_wrong_character_in_a_deal_code_is_found(place: int, other: str) -> None:
    bare = DEAL.replace("-", "")
    wrong = bare[:place] + other + bare[place + 1 :]
    assert ids.is_unified_deal_code(wrong) == (wrong == bare)


@pytest.mark.parametrize(
    ("code", "words"),
    [(DEAL[:-1] + "V", "校验位不符"), (DEAL[4:], "缺少公共资源交易分类代码"), (DEAL.lower(), "应形如"),
     ("A0112-" + DEAL[6:], "应形如"),
     (DEAL.replace("20260101", "20260230"), "日期不存在"), (DEAL.replace("756J", "756K"), "平台代码"), ("",
     "应形如"), (DEAL + "-", "应形如")],
    ids=["校验", "33位", "小写", "连字符错位", "日期", "平台", "空", "多连字符"],
)  # fmt: skip
def test_wrong_deal_codes_say_what_is_wrong(code: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ids.check_unified_deal_code(code)
