"""What one system may take of the platform: records by a bucket in the database, threads by turns in the server."""

import json
import threading
import time

import pytest
from django.test import Client, override_settings

from tradehall.exchange.lanes import Busy, Lanes
from tradehall.exchange.registry.examples import examples
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.tests.peers import OTHER, WORKS, registered

pytestmark = pytest.mark.django_db
PUSH = "/api/v1/exchange/records"


def push(token: str, count: int, seed: int = 1) -> tuple[int, dict[str, str], dict[str, object]]:
    body = json.dumps({"records": examples(data_sets()["WIN_RESULT_ANNO"], count=count, seed=seed)})
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{seed}"}
    answer = Client().post(PUSH, body, content_type="application/json", headers=sent)
    return answer.status_code, dict(answer.headers), json.loads(answer.content)


@override_settings(EXCHANGE_RECORDS_PER_SECOND=0.5, EXCHANGE_RECORDS_AT_ONCE=10)
def test_a_system_that_sends_too_much_waits_and_another_does_not() -> None:
    greedy, modest = registered(WORKS).token, registered(OTHER).token
    assert push(greedy, 14)[0] == 200, "a message is never stuck"
    status, headers, answer = push(greedy, 1, seed=2)
    assert status == 429 and answer["code"] == "too_many" and "幂等键不变" in str(answer["message"])
    assert 8 <= int(headers["Retry-After"]) <= 11
    own = Client().get("/api/v1/exchange/webhooks", headers={"Authorization": f"Bearer {greedy}"})
    assert (own.status_code, int(own["Retry-After"]) > 0) == (429, True)
    assert push(modest, 1, seed=3)[0] == 200
    assert Client().get("/api/v1/feed").status_code == 200


@override_settings(EXCHANGE_RECORDS_PER_SECOND=1000.0, EXCHANGE_RECORDS_AT_ONCE=2)
def test_what_was_waited_for_is_there() -> None:
    token = registered().token
    assert push(token, 3)[0] == 200
    time.sleep(0.05)
    assert push(token, 1, seed=2)[0] == 200


def test_many_messages_of_one_system_hold_one_place_at_work() -> None:
    lanes, order, gate = Lanes(at_work=2, of_one=4, in_all=6), [], threading.Event()

    def work(system: str) -> None:
        with lanes.place(system), lanes.turn(system):
            order.append(system)
            gate.wait(5)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "a", "a", "b", "c")]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    assert order == ["a", "b"], "the second message of a waits, and so does c: two are at work"
    with pytest.raises(Busy), lanes.place("a"), lanes.turn("a", 0.05):
        pass
    gate.set()
    for thread in threads:
        thread.join(5)
    assert order.index("c") < 4 and order.count("a") == 3


def test_who_has_too_many_waiting_is_refused_at_once_and_the_others_are_served() -> None:
    lanes = Lanes(at_work=2, of_one=1, in_all=3)
    with lanes.place("a"):
        with pytest.raises(Busy), lanes.place("a"):
            pass
        with lanes.place("b"), lanes.turn("b"):
            pass
    with lanes.place("a"), lanes.turn("a"):
        pass
