"""The registry: names to the letter, one validator for each data set, documents that agree with it."""

import json
import time

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tradehall.exchange.registry import examples, schemas, wire_xml
from tradehall.exchange.registry.compile import validator
from tradehall.exchange.registry.load import data_set, data_sets

MISSPELT = {
    "EXCEPITON_NAME": "TENDER_ABNORMITY_REPORT", "EXCEPITON_INFOR": "TENDER_ABNORMITY_REPORT",
    "LIMITE_TIME": "SECTION", "APPLICANTION_NAME": "QUALI_INQUERY_APP_FILE", "PULISH_DATE": "PROJECT_ALERTING_INFO",
}  # fmt: skip
GOOD = "12320000466011756J"
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text(max_size=3), max_size=2)


def wires(name: str) -> set[str]:
    return {one.wire for one in data_sets()[name].fields}


def rules(name: str, **fields: object) -> tuple[set[tuple[str | None, str]], set[tuple[str | None, str]]]:
    """(field, rule) of what was refused and of what was found."""
    checked = validator(name)(fields)
    return {(one.field, one.rule) for one in checked.errors}, {(one.field, one.rule) for one in checked.findings}


@pytest.mark.parametrize(("wire", "name"), MISSPELT.items())
def test_official_misspellings_are_kept_on_the_wire_and_clean_inside(wire: str, name: str) -> None:
    field = next(one for one in data_sets()[name].fields if one.wire == wire)
    assert field.name.islower() and not any(wrong in field.name for wrong in ("excepiton", "limite", "pulish"))


def test_every_line_and_every_area_has_its_data_sets() -> None:
    assert {one.line for one in data_sets().values()} >= {"works", "procurement", "land", "property", "others", ""}
    assert {one.meaning for one in data_sets().values()} == {
        "notice", "organisation", "standing", "revocation", "event", "record",
    }  # fmt: skip
    assert len(data_sets()) >= 70


def test_tail_fields_are_on_every_record_and_two_more_on_works() -> None:
    for name, one in data_sets().items():
        assert {"PLATFORM_CODE", "DATA_TIMESTAMP", "PUB_SERVICE_PLAT_CODE"} <= wires(name)
        assert ("TRADE_PLAT" in wires(name)) == (one.line == "works")


def test_the_names_of_one_province_find_the_same_data_set() -> None:
    assert data_set("GCJS_NOTICE") is data_set("TENDER_ANN_QUA_INQUERY_ANN") is not None
    assert data_set("nothing") is None


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("SUPPLIER_CODE", "12320000466011756K", "check_digit"),
        ("UNIFIED_DEAL_CODE", "A01-12320000466011756J-20260101-000001-V", "check_digit"),
        ("SIGNING_TIME", "20260230090000", "date"),
        ("SIGNING_TIME", "2026-02-03", "date"),
        ("CONTRACT_AMOUNT", "-1", "money"),
        ("CONTRACT_AMOUNT", "0.0000001", "money"),
        ("CONTRACT_AMOUNT", "一百", "money"),
        ("PLATFORM_CODE", "1", "check_digit"),
        ("NOT_A_FIELD", "x", "unknown_field"),
    ],
    ids=["信用代码校验位", "交易标识码校验位", "不存在的日期", "日期格式", "负金额", "不足一分", "不是数字", "平台代码", "未知字段"],
)  # fmt: skip
def test_what_is_malformed_is_refused_by_field_and_rule(field: str, value: str, rule: str) -> None:
    refused, _ = rules("PURCHASE_CONTRACT", **{"PRICE_UNIT": "1", field: value})
    assert refused == {(field, rule)}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("CURRENCY_CODE", "999", "dictionary"),
        ("REGION_CODE", "000000", "dictionary"),
        ("CONTRACT_AMOUNT", "0", "zero_amount"),
        ("CONTRACT_TERM", "长" * 201, "too_long"),
        ("CONTRACT_NAME", None, "missing"),
    ],
    ids=["未知币种", "未知地区", "零元", "超长", "缺失"],
)
def test_what_is_odd_is_found_and_not_refused(field: str, value: object, rule: str) -> None:
    refused, found = rules("PURCHASE_CONTRACT", **{"PRICE_UNIT": "1", field: value})
    assert not refused and (field, rule) in found


def test_money_is_whole_cents_by_its_unit_and_no_amount_without_one() -> None:
    check = validator("PURCHASE_CONTRACT")
    assert check({"CONTRACT_AMOUNT": "12.500000", "PRICE_UNIT": "1"}).values["amount"] == 12_500_000
    assert check({"CONTRACT_AMOUNT": "12.50", "PRICE_UNIT": "0"}).values["amount"] == 1_250
    unitless = check({"CONTRACT_AMOUNT": "12.50"})
    assert "amount" not in unitless.values and "unit" in {one.rule for one in unitless.findings}


def test_a_natural_person_is_checked_as_one_and_never_repeated() -> None:
    code = "11010519491231002X"
    good, _ = rules("DEAL_LAND_INFO", LENDING_TYPE="2", LENDING_CODE=code)
    wrong = validator("DEAL_LAND_INFO")({"LENDING_TYPE": "2", "LENDING_CODE": "110105194912310021"})
    assert not good and wrong.errors[0].rule == "check_digit"
    assert "1949123100" not in wrong.errors[0].message


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20260228235959", "2026-02-28T23:59:59+08:00"),
        ("20260228240000", "2026-03-01T00:00:00+08:00"),
        ("20260229000000", None),
        ("19891231000000", None),
        ("21010101000000", None),
        ("20260101006000", None),
    ],
    ids=["末秒", "二十四时", "平年二月", "太早", "太晚", "六十分"],
)
def test_times_are_moments_that_exist(text: str, moment: str | None) -> None:
    assert validator("PROJECT")({"CREATE_TIME": text}).values.get("created_at") == moment


def test_the_short_unified_code_is_completed_by_its_check_character() -> None:
    full = "A01-12320000466011756J-20260101-000001-U"
    checked = validator("SECTION")({"UNIFIED_DEAL_CODE": full.replace("-", "")})
    assert checked.values["unified_code"] == full
    short, found = rules("SECTION", UNIFIED_DEAL_CODE=full.replace("-", "")[3:])
    assert not short and ("UNIFIED_DEAL_CODE", "check_digit") not in found


@given(st.sampled_from(sorted(data_sets())), st.data())
@settings(max_examples=200, deadline=None)
def test_random_values_never_raise(name: str, data: st.DataObject) -> None:
    keys = st.sampled_from(sorted(wires(name))) | st.text(max_size=10)
    checked = validator(name)(data.draw(st.dictionaries(keys, VALUES, max_size=12)))
    assert all(one.message for one in (*checked.errors, *checked.findings))


@pytest.mark.parametrize("name", sorted(data_sets()))
def test_examples_hold_and_agree_with_both_schemas(name: str) -> None:
    one = data_sets()[name]
    made = examples.examples(one, count=3, seed=7)
    assert made == examples.examples(one, count=3, seed=7)
    assert len({str(record["data_key"]) for record in made}) == 3
    schema, xsd = schemas.json_schema(one), etree.XMLSchema(etree.fromstring(schemas.xsd(one)))
    for record in made:
        jsonschema.validate(record, schema)
        checked = validator(name)({**record["fields"], "PLATFORM_CODE": GOOD, "DATA_TIMESTAMP": "20260101000000"})
        assert not checked.errors and not checked.findings
    written = wire_xml.write_records(made)
    xsd.assertValid(etree.fromstring(written))
    read = wire_xml.read_records(written)
    assert [one["fields"] for one in read] == [one["fields"] for one in made]


def test_the_catalogue_is_json_and_names_every_field() -> None:
    listed = json.loads(json.dumps(schemas.catalogue()))["data_sets"]
    assert {one["name"] for one in listed} == set(data_sets())
    assert all(field["label"] and field["wire"].isupper() for one in listed for field in one["fields"])


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><records>&b;</records>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><records>&a;</records>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><records/>',
        b"<a>" * 200_000,
        b"<records>\xff</records>",
        b"",
        b'<?xml version="1.0" encoding="nothing"?><records/>',
        b"<other/>",
    ],
    ids=["实体炸弹", "外部实体", "外部文档类型", "过深", "坏编码", "空", "未知编码", "别的元素"],
)
def test_hostile_or_broken_xml_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(wire_xml.UnreadableXml):
        wire_xml.read_records(content)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<records>{text}</records>".encode()))
@settings(max_examples=200, deadline=None)
def test_random_xml_is_read_or_refused(content: bytes) -> None:
    try:
        assert isinstance(wire_xml.read_records(content), list)
    except wire_xml.UnreadableXml as error:
        assert str(error)


def test_a_broken_record_keeps_its_place_among_good_ones() -> None:
    read = wire_xml.read_records(b"<records><record data_key='1'/><x/><record data_key='2'/></records>")
    assert [isinstance(one, str) for one in read] == [False, True, False]


def test_a_validator_judges_twenty_thousand_records_a_second() -> None:
    """Half of that is asked here, in processor time: a busy machine must not fail a good build."""
    records = [one["fields"] for one in examples.examples(data_sets()["WIN_RESULT_ANNO"], count=200, seed=1)]
    check = validator("WIN_RESULT_ANNO")
    began = time.process_time()
    for fields in records * 10:
        check(fields)
    assert 2_000 / (time.process_time() - began) > 10_000
