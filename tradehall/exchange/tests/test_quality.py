"""Data quality by system and hour, refused records on the monitor, and what the clock has to do with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from tradehall.exchange import following, quality, refusals
from tradehall.exchange.models import InboundRecord, QualityCount, RefusedRecord
from tradehall.exchange.rejudging import rejudge_record
from tradehall.exchange.tests.peers import WORKS, Sent, receive, record, registered
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.kernel.times import to_beijing

pytestmark = pytest.mark.django_db
CENTRE = Actor("person", "wu", "吴静", roles=frozenset({"centre"}))


def result(number: int = 0, age: timedelta = timedelta(hours=1), **fields: object) -> Sent:
    when = to_beijing(platform_now() - age).strftime("%Y%m%d%H%M%S")
    return {**record("WIN_RESULT_ANNO", number, NOTICE_SEND_TIME=when, **fields), "data_timestamp": when}


def numbers(only_public: bool = True) -> dict[str, int]:
    now = platform_now()
    rows = following.totals(now - timedelta(hours=2), now, only_public=only_public)
    return {name: sum(row[name] for row in rows) for name in quality.COLUMNS}


def test_complete_in_time_and_valid_are_counted_each() -> None:
    receive(result(0), result(1, WIN_BIDDER_NAME=None), result(2, timedelta(hours=30)), result(3, REGION_CODE="000000"))
    assert numbers() == {
        "accepted": 4, "complete": 3, "timely": 3, "valid": 3, "unchanged": 0, "refused": 0, "resent": 0,
    }  # fmt: skip


def test_a_day_alone_is_in_time_when_its_end_is() -> None:
    day = platform_now()
    moment = quality.claimed_at(_set("LISTING_PUB_INFO"), {"published_on": f"{to_beijing(day):%Y-%m-%d}"}, day)
    assert moment == day


def test_a_clock_that_is_ahead_is_found_and_never_in_time() -> None:
    [outcome] = receive(result(0, -timedelta(hours=5)))
    assert [one.rule for one in outcome.findings].count("clock") == 2 and outcome.status == "accepted"
    assert numbers()["timely"] == 0


def test_repeats_refusals_and_mended_ones_are_counted() -> None:
    bad = result(0, WIN_BIDDER_CODE="91990100000000000B")
    mended = {**result(0), "data_key": bad["data_key"]}
    receive(bad)
    receive(bad, mended)
    receive(mended)
    found = numbers()
    assert (found["accepted"], found["refused"], found["resent"]) == (1, 2, 1) and found["unchanged"] == 1
    kept = RefusedRecord.objects.get()
    assert kept.times == 2 and kept.settled_at is not None
    assert following.refusals() == [] and following.refusals(only_open=False) == [kept]


def test_counted_again_from_the_records_the_numbers_are_the_same() -> None:
    sent = result(0)
    receive(sent, result(1, WIN_BIDDER_NAME=None), result(2, timedelta(hours=30)), record("EXPERT_EVALUATION", 1))
    receive(sent)
    before = list(QualityCount.objects.order_by("pk").values())
    QualityCount.objects.update(accepted=99, valid=0)
    assert quality.rebuild() == 4
    assert list(QualityCount.objects.order_by("pk").values()) == before


def test_a_refused_record_is_kept_masked_with_its_reasons() -> None:
    receive(record("EXPERT_EVALUATION", 0, ID_NO="110101199001011237", DISMISS_DATE="昨天", PHONE="13812345678"))
    kept = RefusedRecord.objects.get()
    assert [(one["field"], one["rule"]) for one in kept.errors] == [("DISMISS_DATE", "date")]
    assert kept.clean["ID_NO"] == "110***********1237" and kept.clean["PHONE"] == "138****5678"
    with connection.cursor() as cursor:
        cursor.execute("select r::text from exchange_refused_record r")
        assert "110101199001011237" not in cursor.fetchone()[0]
    assert refusals.body_of(kept)["fields"]["ID_NO"] == "110101199001011237"


def test_what_no_column_can_hold_is_still_shown() -> None:
    receive({"data_set": "\0", "data_key": "\ud800"}, 7, "x\0", {"data_key": "k\0", "fields": {"A\0": "\0"}})
    assert RefusedRecord.objects.count() == 4


def test_the_centre_has_a_refused_record_judged_again() -> None:
    registered()
    receive(result(0, WIN_BIDDER_CODE="91990100000000000B"))
    kept = RefusedRecord.objects.get()
    assert rejudge_record(by=CENTRE, at=platform_now(), refusal_no=kept.refusal_no).status == "refused"
    assert RefusedRecord.objects.get().times == 2
    with pytest.raises(NotVisible):
        rejudge_record(by=WORKS, at=platform_now(), refusal_no=kept.refusal_no)
    RefusedRecord.objects.update(sealed_body="")
    with pytest.raises(Refusal):
        rejudge_record(by=CENTRE, at=platform_now(), refusal_no=kept.refusal_no)


def test_numbers_of_people_are_sealed_in_the_column_and_masked_in_answers() -> None:
    token = registered().token
    sent = record("EXPERT_EVALUATION", 0)
    fields = sent["fields"]
    assert isinstance(fields, dict)
    receive(sent)
    with connection.cursor() as cursor:
        cursor.execute("select clean::text from exchange_inbound_record")
        assert str(fields["ID_NO"]) not in cursor.fetchone()[0]
    asked = {"Authorization": f"Bearer {token}"}
    answer = Client().get("/api/v1/exchange/records?data_set=EXPERT_EVALUATION", headers=asked)
    assert answer.status_code == 200, answer.content
    [shown] = answer.json()["items"]
    assert shown["values"]["id_no"] == f"{str(fields['ID_NO'])[:3]}***********{str(fields['ID_NO'])[-4:]}"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry where code = 'exchange.read_records'")
        assert cursor.fetchone() == (1,)
    assert receive(sent)[0].status == "unchanged"
    assert InboundRecord.objects.count() == 1


def test_the_public_figure_counts_what_is_public() -> None:
    receive(result(0), record("EXPERT_EVALUATION", 1))
    items = Client().get("/api/v1/exchange/quality?system=works-a").json()["items"]
    assert [(one["system"], one["line"], one["accepted"]) for one in items] == [("works-a", "works", 1)]
    for query in ("since=x", "since=2026-01-01T00:00:00Z", "until=2026-01-01T00:00:00Z&since=2026-01-02T00:00:00Z"):
        assert Client().get(f"/api/v1/exchange/quality?{query}").status_code == 400


def _set(name: str) -> quality.DataSet:
    return quality.data_sets()[name]
