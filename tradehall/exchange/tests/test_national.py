"""The national platform: whatever it does, each record has its effect there once, in the order of its project."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo

from tests.peers.national_platform.running import National, running
from tradehall.exchange import signing
from tradehall.exchange.national import outbox, reading, reconciling, sending, sharing
from tradehall.exchange.tests.peers import OTHER, publish, receive, record, registered
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.parties.tests import bodies

CENTRE = Actor("person", "zhou", "周宁", "91990100MA0000AA0X", frozenset({"centre"}))
BIDDER = Actor("person", "wu", "吴岚", "91990100MA0000AA0X", frozenset({"bidder"}))
TROUBLES = {"error": 0.15, "broken": 0.15, "mute": 0.1, "gone": 0.1, "stale": 0.1, "garbage": 0.1}


@pytest.fixture
def national(tmp_path: Path, settings: LazySettings) -> Iterator[National]:
    with running(tmp_path / "national.sqlite") as peer:
        settings.NATIONAL_URL, settings.NATIONAL_SECONDS = peer.url, 3
        peer.told(keys=[one.removeprefix(signing.KEY_PREFIX) for one in signing.public_keys()])
        yield peer


def staff(role: str) -> Client:
    at = platform_now()
    bodies.appointed("desk", role, bodies.code_of("MA0001AX"), at=at)
    client = Client()
    client.force_login(bodies.person("desk", at=at), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send_all() -> None:
    """Until nothing may go; a delayed message does not wait for the clock here."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("update exchange_national_message set next_at = clock_timestamp()")
        if sending.send_next() is None:
            return
    raise AssertionError("messages go round in circles")


def published(*numbers: int) -> list[str]:
    """Sealed, read into the outbox; their keys in the order in which they were recorded."""
    publish(*numbers)
    reading.read_all(platform_now())
    return keys()


def keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select data_key from exchange_national_message order by id")
        return [key for (key,) in cursor.fetchall()]


def in_order_by_project(peer: National) -> bool:
    """The effects of every project came in the order of the outbox."""
    with connection.cursor() as cursor:
        cursor.execute("select data_key, version, project, id from exchange_national_message")
        place = {(key, version): (project, at) for key, version, project, at in cursor.fetchall()}
    by_project: dict[str, list[int]] = {}
    for one in peer.effects():
        project, at = place[(one["data_key"], one["version"])]
        by_project.setdefault(project, []).append(at)
    return all(ids == sorted(ids) for ids in by_project.values())


@pytest.mark.django_db
def test_what_is_public_arrives_once_and_a_second_reading_sends_nothing(national: National) -> None:
    registered()
    sent = published(0, 1, 2)
    assert len(sent) == 3 and outbox.lag_s() > 0
    send_all()
    assert sorted(one["data_key"] for one in national.effects()) == sorted(sent)
    assert (outbox.counts().taken, outbox.lag_s(), reading.read_all(platform_now())) == (3, 0.0, 0)
    assert national.troubles() == []


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_each_has_its_effect_once_and_in_order(national: National, seed: int) -> None:
    registered()
    chance = random.Random(seed)
    national.told(seed=seed, chances=TROUBLES)
    for number in range(6):
        receive(record("TENDER_ANN_QUA_INQUERY_ANN" if chance.random() < 0.3 else "WIN_RESULT_ANNO", number))
    receive(
        {**record("WIN_RESULT_ANNO", 1), "data_type": 2},
        {**record("WIN_RESULT_ANNO", 2, NOTICE_CONTENT="改正"), "data_type": 2},
    )
    sealer.seal_pending()
    reading.read_all(platform_now())
    send_all()
    effects = [(one["data_key"], one["version"]) for one in national.effects()]
    assert len(effects) == len(set(effects)) == len(keys()) > 5
    assert national.troubles() == [] and in_order_by_project(national)


@pytest.mark.django_db
def test_a_refused_record_waits_at_the_desk_and_holds_up_nobody(national: National) -> None:
    registered()
    first, *_ = published(0, 1)
    national.told(faults=[{"fault": "refuse", "data_key": first, "times": 1}])
    send_all()
    [letter] = outbox.dead_letters(10)
    assert letter.data_key == first and letter.errors[0]["field"] == "TITLE"
    assert [one["data_key"] for one in national.effects()] == keys()[1:]
    with pytest.raises(NotVisible):
        outbox.resend_message(by=BIDDER, at=platform_now(), message_no=letter.message_no)
    outbox.resend_message(by=CENTRE, at=platform_now(), message_no=letter.message_no)
    send_all()
    assert sorted(one["data_key"] for one in national.effects()) == sorted(keys()) and outbox.dead_letters(10) == []
    with pytest.raises(Refusal, match="已接收"):
        outbox.resend_message(by=CENTRE, at=platform_now(), message_no=letter.message_no)


@pytest.mark.django_db
def test_the_desk_shows_what_was_refused_and_sends_it_again(national: National) -> None:
    registered()
    first, *_ = published(0, 1)
    national.told(faults=[{"fault": "refuse", "data_key": first, "times": 1}])
    send_all()
    centre = staff("centre")
    page = centre.get("/desk/national").content.decode()
    assert first in page and "按指令退回" in page and "重新发送" in page
    [letter] = outbox.dead_letters(1)
    answer = centre.post(f"/desk/national/{letter.message_no}/resend", follow=True).content.decode()
    assert "已安排重新发送" in answer and first not in answer.split('id="failing"')[0]
    assert centre.post("/desk/national/N0/resend").status_code == 404
    metrics = Client().get("/metrics").content.decode()
    assert "tradehall_national_lag_s" in metrics and "tradehall_national_unread 0" in metrics


@pytest.mark.django_db
def test_what_they_lost_is_found_by_the_comparison_and_sent_again(national: National) -> None:
    registered()
    sent = published(0, 1, 2)
    send_all()
    national.told(lost=[sent[1]])
    with connection.cursor() as cursor:
        cursor.execute("select distinct stated_on from exchange_national_message")
        days = [day for (day,) in cursor.fetchall()]
    found = [one for day in days for one in reconciling.reconcile(day, platform_now())]
    assert [[kind, key] for one in found for kind, key, _ in one.findings] == [["missing", sent[1]]]
    send_all()
    again = [one for day in days for one in reconciling.reconcile(day, platform_now())]
    assert all(one.findings == [] and one.own_digest == one.their_digest for one in again)


@pytest.mark.django_db
def test_what_other_regions_share_comes_in_once_with_its_source_and_never_goes_back(national: National) -> None:
    notices = [{"origin": "某省", "record": record("WIN_RESULT_ANNO", number)} for number in (7, 8)]
    national.told(shared={"notices": notices, "experts": []})
    assert sharing.pull_all(platform_now()) == 2
    assert sharing.pull_all(platform_now()) == 0
    sealer.seal_pending()
    assert reading.read_all(platform_now()) == 0


@pytest.mark.django_db
def test_two_systems_may_use_one_key_of_theirs(national: National) -> None:
    registered()
    registered(OTHER)
    receive(record("WIN_RESULT_ANNO", 1))
    receive(record("WIN_RESULT_ANNO", 2) | {"data_key": record("WIN_RESULT_ANNO", 1)["data_key"]}, by=OTHER)
    sealer.seal_pending()
    reading.read_all(platform_now())
    send_all()
    assert len({one["data_key"] for one in national.effects()}) == 2


SENDER = """
import django
django.setup()
from tradehall.exchange.national import sending
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo
while True:
    with connection.cursor() as cursor:
        cursor.execute("update exchange_national_message set next_at = clock_timestamp() where acknowledged_at is null")
    sending.send_next()
"""


def test_a_sender_killed_at_any_moment_repeats_nothing_and_forgets_nothing(
    committed_db: str, national: National, settings: LazySettings
) -> None:
    registered()
    sent = published(*range(12))
    national.told(seed=1, chances=TROUBLES)
    place = connection.get_connection_params()
    url = make_conninfo(
        **{name: place[name] for name in ("host", "port", "user", "password") if place.get(name)}, dbname=committed_db
    )
    own = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tradehall.config.settings"}
    own |= {
        "TRADEHALL_HOME": str(settings.HOME),
        "TRADEHALL_NATIONAL_URL": national.url,
        "TRADEHALL_NATIONAL_TIMEOUT": "3",
    }
    chance, kills, until = random.Random(5), 0, time.monotonic() + 180
    while outbox.counts().taken < len(sent) and time.monotonic() < until:
        before = national.count("packages")
        process = subprocess.Popen([sys.executable, "-c", SENDER], env=own)
        while (
            national.count("packages") < before + 2 and outbox.counts().taken < len(sent) and time.monotonic() < until
        ):
            time.sleep(0.01)
        time.sleep(chance.random() / 50)
        process.kill()
        process.wait()
        kills += 1
    effects = [(one["data_key"], one["version"]) for one in national.effects()]
    assert kills > 1 and len(effects) == len(set(effects)) == len(sent)
    assert national.troubles() == [] and in_order_by_project(national)
