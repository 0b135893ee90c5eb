"""Records that are kept and not published: told on at once or held, sent once when the reason is over, never lost."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from tests.peers.national_platform.running import National, running
from tradehall.exchange import following, signing
from tradehall.exchange.models import RefusedRecord
from tradehall.exchange.national import omitting, outbox, package, reading, sending, sharing
from tradehall.exchange.national.omitting import REASONS
from tradehall.exchange.registry import load
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import AT_ONCE
from tradehall.exchange.rejudging import rejudge_record
from tradehall.exchange.tests.peers import OTHER, receive, record, registered
from tradehall.exchange.tests.test_national import CENTRE, send_all, staff
from tradehall.journal import rotation, sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.times import to_beijing
from tradehall.parties import services as parties
from tradehall.tenders import services as tenders
from tradehall.tenders.reports import NoticeReport, ProjectClaim

pytestmark = pytest.mark.django_db
HOUSE = Actor("system", "house", "平台自有")


@pytest.fixture
def own_home(tmp_path: Path, settings: LazySettings) -> None:
    """Keys of this test alone: others go on with theirs."""
    settings.HOME, settings.NATIONAL_SUITE = tmp_path / "home", True


@pytest.fixture
def national(tmp_path: Path, settings: LazySettings) -> Iterator[National]:
    with running(tmp_path / "national.sqlite") as peer:
        settings.NATIONAL_URL, settings.NATIONAL_SECONDS = peer.url, 3
        peer.told(keys=public_keys())
        yield peer


def public_keys() -> list[str]:
    return [one.removeprefix(signing.KEY_PREFIX) for one in signing.public_keys()]


def read() -> int:
    sealer.seal_pending()
    return reading.read_all(platform_now())


def sent(peer: National) -> list[str]:
    send_all()
    assert peer.troubles() == []
    return [one["data_set"] for one in peer.effects()]


def omitted() -> dict[str, tuple[int, str]]:
    return {one.kind: (one.records, one.reason) for one in omitting.not_sent(platform_now())}


def lot(number: int = 0) -> str:
    fields = record("WIN_RESULT_ANNO", number)["fields"]
    assert isinstance(fields, dict)
    return str(fields["UNIFIED_DEAL_CODE"])


def bid(number: int, of_lot: int = 0, **fields: object) -> dict[str, object]:
    return record("TENDER_LIST", number, UNIFIED_DEAL_CODE=lot(of_lot), **fields)


def test_every_record_set_says_whether_it_goes_on_or_why_it_is_held() -> None:
    kept = {one.name: one.onward for one in data_sets().values() if one.meaning == "record"}
    assert kept["PROJECT"] == kept["EXPERT_EVALUATION"] == AT_ONCE
    assert kept["TENDER_LIST"] == "competition" and kept["EVALUATION_REPORT"] == "evaluation"
    assert set(kept.values()) - {AT_ONCE} <= set(REASONS)
    entry = {"name": "X", "label": "某数据集", "mark": "own"}
    for wrong in (entry, {**entry, "onward": "later"}, {**entry, "meaning": "notice", "onward": AT_ONCE}):
        with pytest.raises(load.BrokenRegistry, match="onward"):
            load._data_set("works", wrong)


def test_what_tells_nothing_goes_at_once_and_the_rest_stands_on_the_desk(national: National) -> None:
    registered()
    receive(record("PROJECT", 1), record("SECTION", 1), bid(1), record("INDIVIDUAL_BASE", 1), record("OBJECTION", 1))
    assert (read(), read()) == (2, 0)
    assert sent(national) == ["PROJECT", "SECTION"]
    words = {name: REASONS[data_sets()[name].onward] for name in ("TENDER_LIST", "INDIVIDUAL_BASE", "OBJECTION")}
    assert omitted() == {name: (1, word) for name, word in words.items()}
    page = staff("centre").get("/desk/national").content.decode()
    part = page.split('id="omissions"')[1].split('id="keys"')[0]
    assert all(name in part and word in part for name, word in words.items()) and "投标信息" in part


def test_numbers_of_people_stay_here_whoever_they_belong_to(national: National) -> None:
    registered()
    expert = record("EXPERT_EVALUATION", 1, PHONE="13812345678")
    fields = expert["fields"]
    assert isinstance(fields, dict)
    receive(expert, record("PROJECT", 1, CONTACT_INFORMATION="王工 13812345678", ADDRESS="云山路 021-55550000"))
    read()
    assert sorted(sent(national)) == ["EXPERT_EVALUATION", "PROJECT"]
    arrived = {one["data_set"]: json.loads(one["fields"]) for one in national.effects()}
    assert "13812345678" not in str(arrived) and str(fields["ID_NO"]) not in str(arrived)
    assert arrived["PROJECT"]["CONTACT_INFORMATION"].startswith("王工 138*") and "021-5555" in str(arrived)
    assert arrived["EXPERT_EVALUATION"]["EXPERT_NAME"] == fields["EXPERT_NAME"]


def test_what_was_held_for_a_lot_goes_out_once_when_its_result_is_public(national: National) -> None:
    registered()
    receive(bid(1), bid(2), bid(3, of_lot=1), record("EVALUATION_REPORT", 1, UNIFIED_DEAL_CODE=lot()))
    receive({**bid(1, BID_PRICE="7.00"), "data_type": 2})
    assert read() == 0
    receive(record("WIN_RESULT_ANNO", 0))
    assert (read(), read()) == (5, 0)
    assert sorted(sent(national)) == ["EVALUATION_REPORT", *["TENDER_LIST"] * 3, "WIN_RESULT_ANNO"]
    assert [one["data_type"] for one in national.effects() if one["data_set"] == "TENDER_LIST"].count("2") == 1
    assert omitted()["TENDER_LIST"] == (1, REASONS["competition"]) and "EVALUATION_REPORT" not in omitted()
    receive(bid(4), record("TENDER_LIST", 5, UNIFIED_DEAL_CODE=None))
    assert read() == 1 and omitted()["TENDER_LIST"] == (1, REASONS["without_lot"])


def test_neither_another_systems_result_nor_one_that_was_withdrawn_frees_anything(national: National) -> None:
    registered()
    registered(OTHER)
    receive(bid(1))
    receive(record("WIN_RESULT_ANNO", 9, UNIFIED_DEAL_CODE=lot()), by=OTHER)
    receive(record("WIN_RESULT_ANNO", 0))
    receive({**record("WIN_RESULT_ANNO", 0), "data_type": 3})
    assert read() == 3 and omitted()["TENDER_LIST"][0] == 1


def test_read_from_the_beginning_again_nothing_is_told_or_listed_twice(national: National) -> None:
    registered()
    receive(record("PROJECT", 1), bid(1), bid(2, of_lot=1), record("WIN_RESULT_ANNO", 0))
    read()
    before = (sent(national), omitted())
    with connection.cursor() as cursor:
        cursor.execute("update exchange_national_position set position = 0 where name = 'journal'")
    assert read() == 0 and (sent(national), omitted()) == before
    assert before[1]["TENDER_LIST"][0] == 1 and len(before[0]) == 3


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_things_happen_nothing_is_lost(national: National, seed: int) -> None:
    registered()
    chance = random.Random(seed)
    national.told(seed=seed, chances={"mute": 0.2, "broken": 0.2})
    for _ in range(25):
        number, of_lot = chance.randrange(4), chance.randrange(2)
        match chance.randrange(6):
            case 0:
                receive(record("WIN_RESULT_ANNO", of_lot))
            case 1:
                receive({**bid(number, number % 2), "data_type": 3})
            case 2:
                read()
            case 3:
                sending.send_next()
            case _:
                receive({**bid(number, number % 2, BID_PRICE=f"{chance.randrange(9)}.00"), "data_type": 2})
    read()
    send_all()
    assert national.troubles() == [] and reading.behind() == 0
    with connection.cursor() as cursor:
        cursor.execute("""select r.id from exchange_inbound_record r
            where not exists (select 1 from exchange_national_message m where m.version = r.digest)
              and not exists (select 1 from exchange_national_omission o where o.record_id = r.id)""")
        assert cursor.fetchall() == []
    effects = [(one["data_key"], one["version"]) for one in national.effects()]
    assert len(effects) == len(set(effects)) == outbox.counts().taken


def test_standings_made_here_go_out_and_leave_again_when_revoked(national: National) -> None:
    at = platform_now()
    made = parties.report_standing(
        by=HOUSE, at=at, kind="penalty", party_name="某公司", uscc=None, title="行政处罚：某公司", publisher="市财政局",
        published_on=to_beijing(at).date(), source_system="house", source_id="1", basis="依据", from_on=None,
        until_on=None, line=None, details={"document_no": "财罚〔2026〕1号"},
    )  # fmt: skip
    assert read() == 1
    parties.revoke_standing(by=HOUSE, at=at, standing_no=made.standing_no, publisher="市财政局", reason="复议撤销")
    assert (read(), read()) == (1, 0)
    assert sent(national) == ["VIOLATION_INFO"] * 2
    first, second = national.effects()
    stated = json.loads(first["fields"])
    assert stated["RECORD_REASON"] == "行政处罚：某公司" and stated["DOCUMENT_CODE"].startswith("财罚")
    assert (first["data_type"], second["data_type"]) == ("1", "3") and first["data_key"] == second["data_key"]


def test_a_notice_kind_the_norm_has_no_data_set_for_is_listed_not_dropped(national: National) -> None:
    report = NoticeReport(
        system="house", source_id="1", source_digest="d" * 64, kind="complaint_decision", line="works",
        title="关于某项目的投诉处理公告", published_at=platform_now(), project=ProjectClaim("某项目", "P-1"),
    )  # fmt: skip
    tenders.record_notices([report], by=HOUSE, at=platform_now())
    assert read() == 0 and omitted() == {"complaint_decision": (1, REASONS["no_data_set"])}
    page = staff("administrator").get("/desk/national").content.decode()
    assert "投诉处理公告" in page and REASONS["no_data_set"] in page


def test_what_came_from_there_is_listed_and_its_refusals_can_be_judged_again(national: National) -> None:
    ahead = to_beijing(platform_now() + timedelta(days=1)).strftime("%Y%m%d%H%M%S")
    event = record("PROCESS_EVENT", 1, EVENT_TYPE="awarded", EVENT_TIME=ahead, SECRET_UNTIL=None, SESSION_URL=None)
    shared = [{"origin": "某省", "record": one} for one in (record("WIN_RESULT_ANNO", 7), event)]
    national.told(shared={"notices": shared, "experts": []})
    centre = staff("centre")
    read()  # the organisation of that person
    assert sharing.pull_all(platform_now()) == 1
    assert omitted()["WIN_RESULT_ANNO"] == (1, REASONS["from_there"])
    [refused] = following.refusals(system="national")
    page = centre.get("/desk/exchange?system=national").content.decode()
    assert "全国公共资源交易平台" in page and f"{refused.refusal_no}/rejudge" in page
    answer = centre.post(f"/desk/exchange/refusals/{refused.refusal_no}/rejudge", follow=True)
    assert "仍不合要求" in answer.content.decode() and RefusedRecord.objects.get().times == 2
    later = platform_now() + timedelta(days=2)
    assert rejudge_record(by=CENTRE, at=later, refusal_no=refused.refusal_no).status == "accepted"
    assert following.refusals(system="national") == [] and read() == 0


def test_a_key_is_changed_without_a_record_being_lost(
    own_home: None, national: National, django_capture_on_commit_callbacks: Any
) -> None:
    registered()
    old = public_keys()
    signing.rotate_webhook_key(by=PLATFORM, at=platform_now())
    with django_capture_on_commit_callbacks(execute=True):
        rotation.rotate_log_key(by=PLATFORM, at=platform_now(), overlap=timedelta(days=7))
    stated = package.signature("POST", "/packages", "n", b"")["Package-Signature"]
    assert (stated.count("ed25519="), stated.count("sm2=")) == (2, 2)
    new = [one for one in public_keys() if one not in old]
    for number, known in enumerate((old, new)):
        national.told(keys=known)
        receive(record("PROJECT", number))
        assert read() == 1 and len(sent(national)) == number + 1
    listed = Client().get("/api/v1/exchange/package-keys").json()["keys"]
    assert [(one["algorithm"], one["until"] is None) for one in listed] == [
        ("ed25519", True), ("ed25519", False), ("sm2", True), ("sm2", False),
    ]  # fmt: skip
    assert listed[0]["key"] == signing.KEY_PREFIX + new[0]
    signing.rotate_webhook_key(by=PLATFORM, at=platform_now(), is_stolen=True)
    receive(record("PROJECT", 3))
    read()
    assert sending.send_next() == sending.Verdict("again", "HTTP 401，国家平台没有接受签名；请核对已告知的签名公钥")
    national.told(keys=public_keys())
    assert len(public_keys()) == 1 and len(sent(national)) == 3
