"""Records received: every example accepted, one bad one among good ones, keys, deletions, projects of others."""

import base64
import hashlib
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import InboundRecord
from tradehall.exchange.registry.examples import example, examples
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.services import receive_records
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.times import BEIJING
from tradehall.parties import selectors as parties
from tradehall.tenders import selectors as tenders

pytestmark = pytest.mark.django_db
WORKS, OTHER = Actor("system", "works-a", "甲交易系统"), Actor("system", "works-b", "乙交易系统")
AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("data_set", "data_type", "data_key", "platform_code", "data_timestamp", "fields", "attachments", "x")

Sent = dict[str, object]


def record(name: str, number: int = 0, **fields: object) -> Sent:
    made = example(data_sets()[name], 5, number)
    stated = made["fields"]
    assert isinstance(stated, dict)
    return {**made, "fields": {**stated, **fields}}


def receive(*sent: object, by: Actor = WORKS) -> list[Outcome]:
    return receive_records(sent, by=by, at=AT)


def statuses(*sent: object, by: Actor = WORKS) -> list[str]:
    return [one.status for one in receive(*sent, by=by)]


def rendition(outcome: Outcome) -> dict[str, object]:
    assert outcome.subject is not None
    return tenders.rendition(outcome.subject.no, outcome.subject.version)


def errors(outcome: Outcome) -> set[tuple[str | None, str]]:
    return {(one.field, one.rule) for one in outcome.errors}


@pytest.mark.parametrize("name", sorted(data_sets()))
def test_examples_of_every_data_set_are_accepted_as_sent_and_then_unchanged(name: str) -> None:
    sent = examples(data_sets()[name], count=3, seed=11)
    outcomes = receive(*sent)
    assert [(one.status, one.errors) for one in outcomes] == [("accepted", [])] * 3
    assert {one.subject.kind for one in outcomes if one.subject} == {
        {"notice": "notice", "organisation": "organisation", "record": "message", "event": "event"}.get(
            data_sets()[name].meaning, "standing"
        )
    }
    assert statuses(*sent) == ["unchanged"] * 3
    assert InboundRecord.objects.count() == 3


def test_one_bad_record_among_good_ones_costs_only_itself() -> None:
    bad = record("WIN_RESULT_ANNO", 1, WIN_BIDDER_CODE="91990100000000000B")
    outcomes = receive(record("WIN_RESULT_ANNO", 0), bad, "nothing", 7, {}, record("WIN_RESULT_ANNO", 2))
    assert [one.status for one in outcomes] == ["accepted", "refused", "refused", "refused", "refused", "accepted"]
    assert errors(outcomes[1]) == {("WIN_BIDDER_CODE", "check_digit")}
    assert all(one.errors for one in outcomes[1:5])


def test_a_result_keeps_its_winner_price_lot_and_source() -> None:
    notice = rendition(receive(record("WIN_RESULT_ANNO", BID_AMOUNT="123.456789"))[0])
    amount, source, facts = notice["amount"], notice["source"], notice["facts"]
    assert isinstance(amount, dict) and (amount["cents"], amount["label"]) == (123456789, "中标价")
    assert isinstance(source, dict) and source["system"] == "works-a"
    assert isinstance(facts, dict) and facts["winners"][0]["uscc"]
    assert (notice["kind"], notice["stage"], notice["line"]) == ("result", "result", "works")


def test_a_price_that_is_a_rate_stays_one() -> None:
    sent = record("BID_DEAL_ANNOUNCE", WIN_BID_PRICE="", PRICE_FORM_CODE="3", WIN_BID_RATE="6.20")
    amount = rendition(receive(sent)[0])["amount"]
    assert isinstance(amount, dict) and (amount["form"], amount["rate"]) == ("discount", "6.20")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"NOTICE_NAME": "", "TENDER_PROJECT_NAME": "", "PROJECT_NAME": None}, "NOTICE_NAME"),
        ({"NOTICE_SEND_TIME": ""}, "NOTICE_SEND_TIME"),
    ],
    ids=["无标题", "无日期"],
)
def test_a_notice_without_identity_is_refused(changes: Sent, field: str) -> None:
    sent = record("WIN_RESULT_ANNO", **changes)
    fields = sent["fields"]
    assert isinstance(fields, dict)
    fields.pop("PROJECT_NAME", None)
    assert (field, "required") in errors(receive(sent)[0])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"data_set": "NOTHING"}, ("data_set", "data_set")),
        ({"data_type": 4}, ("data_type", "data_type")),
        ({"data_key": ""}, ("data_key", "required")),
        ({"data_key": "长" * 201}, ("data_key", "required")),
        ({"fields": []}, ("fields", "required")),
        ({"extra": 1}, ("extra", "unknown_field")),
        ({"platform_code": "123"}, ("PLATFORM_CODE", "check_digit")),
        ({"data_timestamp": "20261301000000"}, ("DATA_TIMESTAMP", "date")),
        ({"attachments": {}}, ("attachments", "attachments")),
        ({"data_key": "a\0b"}, (None, "unreadable")),
        ({"data_key": "\ud800"}, (None, "unreadable")),
    ],
    ids=["未知数据集", "未知操作", "无键", "长键", "字段不是对象", "未知字段", "平台代码", "时间戳", "附件", "空字符", "半个字符"],
)  # fmt: skip
def test_a_broken_envelope_names_its_field(changes: Sent, error: tuple[str | None, str]) -> None:
    assert error in errors(receive({**record("PROJECT"), **changes})[0])


def test_a_modification_is_the_next_version_and_a_deletion_another_with_its_reason() -> None:
    first = receive(record("WIN_RESULT_ANNO"))[0]
    changed = {**record("WIN_RESULT_ANNO", QUALITY=None, BID_AMOUNT="1"), "data_type": 2}
    fields = changed["fields"]
    assert isinstance(fields, dict)
    del fields["QUALITY"]
    second = receive(changed)[0]
    deletion = {key: first.record.data_key if key == "data_key" else value for key, value in changed.items()}
    third = receive({**deletion, "data_type": 3, "fields": {"REASON": "报送有误"}})[0]
    again = receive({**deletion, "data_type": 3, "fields": {}})[0]
    assert [rendition(one)["version"] for one in (first, second, third)] == [1, 2, 3]
    withdrawn = rendition(third)
    assert (withdrawn["nature"], withdrawn["reason"]) == ("termination", "报送有误")
    assert withdrawn["title"] == rendition(first)["title"] and again.status == "unchanged"
    back = receive(record("WIN_RESULT_ANNO"))[0]
    assert (back.status, rendition(back)["nature"]) == ("accepted", "normal")


def test_a_key_stands_for_one_data_set_and_a_deletion_needs_a_record() -> None:
    receive(record("PROJECT"))
    moved = {**record("SECTION"), "data_key": record("PROJECT")["data_key"]}
    gone = {**record("PROJECT", 9), "data_type": 3}
    assert errors(receive(moved)[0]) == {("data_key", "data_key")}
    assert errors(receive(gone)[0]) == {("data_key", "unknown_key")}


def test_the_same_record_twice_in_one_message_is_one() -> None:
    sent = record("WIN_RESULT_ANNO")
    assert statuses(sent, sent) == ["accepted", "unchanged"]
    assert InboundRecord.objects.count() == 1


def sibling(name: str, number: int) -> Sent:
    """A record of another data set that names the project of the tender notice by code and name."""
    stated = record("TENDER_ANN_QUA_INQUERY_ANN")["fields"]
    assert isinstance(stated, dict)
    return record(name, number, **{key: stated[key] for key in ("TENDER_PROJECT_CODE", "TENDER_PROJECT_NAME")})


def test_a_project_of_another_system_is_closed_to_this_one() -> None:
    receive(record("TENDER_ANN_QUA_INQUERY_ANN"))
    taken = sibling("CONTRACT_PERFORMANCE", 3)
    assert errors(receive(taken, by=OTHER)[0]) == {("fields", "403")}
    assert not InboundRecord.objects.filter(system="works-b").exists()
    assert statuses(taken) == ["accepted"]


def test_plan_notice_result_and_contract_of_one_tender_are_one_project() -> None:
    notice = record("TENDER_ANN_QUA_INQUERY_ANN")
    stated = notice["fields"]
    assert isinstance(stated, dict)
    plan = record("TENDER_PLAN", 4, PROJECT_NAME=stated["TENDER_PROJECT_NAME"], TENDERER_NAME=stated["TENDERER_NAME"])
    siblings = (sibling("WIN_RESULT_ANNO", 5), sibling("CONTRACT_PERFORMANCE", 6))
    later = [{**one, "fields": {**one["fields"], "TENDERER_NAME": stated["TENDERER_NAME"]}} for one in siblings]
    assert len({str(rendition(one)["project_no"]) for one in receive(plan, notice, *later)}) == 1


def test_attachments_are_checked_stored_and_published() -> None:
    content = "附件正文".encode()
    good = {
        "name": "说明.txt", "content_base64": base64.b64encode(content).decode(),
        "sha256": hashlib.sha256(content).hexdigest(), "md5": hashlib.md5(content).hexdigest(),
    }  # fmt: skip
    sent = {
        **record("WIN_RESULT_ANNO"),
        "attachments": [good, {"name": "图纸.pdf", "url": "https://example.invalid/1"}],
    }
    notice = rendition(receive(sent)[0])
    listed = notice["attachments"]
    assert isinstance(listed, list) and listed[0]["sha256"] == good["sha256"]
    assert "图纸.pdf" in str(notice["body"])


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"sha256": "0" * 64}, "digest"),
        ({"md5": "0" * 32}, "digest"),
        ({"content_base64": "*"}, "base64"),
        ({"name": "说明.pdf"}, "file_mistyped"),
    ],
    ids=["摘要不符", "MD5 不符", "不是 Base64", "类型不符"],
)
def test_a_bad_attachment_refuses_its_record(changes: dict[str, str], rule: str) -> None:
    stated = {"name": "说明.txt", "content_base64": base64.b64encode(b"text").decode(), **changes}
    assert errors(receive({**record("WIN_RESULT_ANNO"), "attachments": [stated]})[0]) == {("attachments", rule)}


def test_a_black_list_entry_leaves_the_list_when_it_is_revoked() -> None:
    listed = receive(record("BLACK_LIST", BLACKLIST_CODE="H1", END_DATE="20991231"))[0]
    assert listed.subject is not None
    assert parties.standing(listed.subject.no, at=platform_now()).state == "current"
    receive(record("BLACK_LIST_REVOCATION", BLACKLIST_CODE="H1"))
    assert parties.standing(listed.subject.no, at=platform_now()).state == "revoked"


def test_a_modified_standing_replaces_the_old_one() -> None:
    old = receive(record("VIOLATION_INFO"))[0]
    new = receive({**record("VIOLATION_INFO", RECORD_REASON="另一原因"), "data_type": 2})[0]
    assert old.subject is not None and new.subject is not None and old.subject != new.subject
    assert parties.standing(old.subject.no, at=platform_now()).state == "revoked"


def test_an_organisation_is_known_by_its_code() -> None:
    outcome = receive(record("LEGAL_PERSON_BASE", LEGAL_NAME="云河东区建设有限公司"))[0]
    assert outcome.subject is not None
    assert parties.organisation(outcome.subject.no).name == "云河东区建设有限公司"
    assert errors(receive(record("LEGAL_PERSON_BASE", 1, LEGAL_CODE=""))[0]) == {("LEGAL_CODE", "required")}


def test_who_passed_the_prequalification_is_kept_and_not_published() -> None:
    outcome = receive(record("QUALI_INQUERY_RESULT", PASSED_APPLICANT_LIST="云河某某公司"))[0]
    assert "云河某某公司" not in str(rendition(outcome))
    assert "云河某某公司" in str(InboundRecord.objects.get().clean)


def test_a_short_review_period_is_found_and_published() -> None:
    sent = record(
        "TENDER_CANDIDATE_ANNOUNCE", PUBLICITY_START_TIME="20260301000000", PUBLICITY_END_TIME="20260302000000"
    )
    findings = rendition(receive(sent)[0])["findings"]
    assert isinstance(findings, list) and "T16" in {one["rule"] for one in findings}


@given(st.lists(JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)), max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_records_get_an_answer(sent: list[object]) -> None:
    outcomes = receive(*sent)
    assert len(outcomes) == len(sent) and all(one.status == "refused" and one.errors for one in outcomes)


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_good_records_with_random_values_get_an_answer(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(data_sets())))
    wires = [one.wire for one in data_sets()[name].fields]
    changes = data.draw(st.dictionaries(st.sampled_from(wires), st.text(max_size=20) | JSON, max_size=3))
    outcome = receive(record(name, data.draw(st.integers(0, 10**6)), **changes))[0]
    assert outcome.status in ("accepted", "refused", "unchanged") and bool(outcome.errors) == (
        outcome.status == "refused"
    )
