"""A large message is worked on in slices: others come between, and one that breaks off goes on where it stands."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from tradehall.exchange import messages, services, sweeping
from tradehall.exchange.models import IdempotencyKey, InboundRecord, SliceReceipt
from tradehall.exchange.registry.examples import examples
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.tests.peers import OTHER, WORKS
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import Actor

database = pytest.mark.django_db


def records(count: int, seed: int = 1) -> list[dict[str, object]]:
    return examples(data_sets()["WIN_RESULT_ANNO"], count=count, seed=seed)


def statuses(answer: str) -> list[str]:
    return [one["status"] for one in json.loads(answer)["receipts"]]


def send(sent: Sequence[object], by: Actor = WORKS, **more: object) -> str:
    return messages.receive(sent, by=by, key="k", body_digest="d", **more)


@database
def test_what_breaks_off_goes_on_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    sent, act, calls = [*records(130), {"data_set": "?"}], services.receive_records, []

    def breaking(piece: Sequence[object], **known: object) -> object:
        calls.append(len(piece))
        outcomes = act(piece, **known)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return outcomes

    monkeypatch.setattr(services, "receive_records", breaking)
    with pytest.raises(KeyboardInterrupt):
        send(sent)
    assert InboundRecord.objects.count() == calls[0] == messages.FIRST, "the first slice stands, the second does not"
    assert messages.answer_of(system=WORKS.id, key="k", body_digest="d") is None
    sealer.seal_pending()
    answer = send(sent)
    assert statuses(answer) == ["accepted"] * 130 + ["refused"]
    keys = [one["data_key"] for one in json.loads(answer)["receipts"]]
    assert keys[:130] == [one["data_key"] for one in sent[:130]]
    assert [bool(one["position"]) for one in json.loads(answer)["receipts"][:60]] == [True] * 50 + [False] * 10
    assert (InboundRecord.objects.count(), SliceReceipt.objects.count()) == (130, 0)
    assert send(sent) == answer == messages.answer_of(system=WORKS.id, key="k", body_digest="d")


@database
def test_another_system_comes_between_the_slices() -> None:
    turns: list[str] = []

    @contextmanager
    def turn() -> Iterator[None]:
        turns.append("large")
        yield
        if len(turns) == 1:
            turns.append("small")
            assert statuses(send(records(1, seed=7), by=OTHER)) == ["accepted"]

    assert statuses(send(records(90), turn=turn)) == ["accepted"] * 90
    assert turns[:3] == ["large", "small", "large"]
    owners = list(InboundRecord.objects.order_by("id").values_list("system", flat=True))
    assert owners.index(OTHER.id) == messages.FIRST and len(owners) == 91


def break_off(sent: Sequence[object], monkeypatch: pytest.MonkeyPatch) -> int:
    """The sender's process dies after the first slice; how many records it left."""
    act, calls = services.receive_records, []

    def breaking(piece: Sequence[object], **known: object) -> object:
        calls.append(len(piece))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return act(piece, **known)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(services, "receive_records", breaking)
        send(sent)
    return calls[0]


def aged(days: float) -> None:
    IdempotencyKey.objects.update(created_at=F("created_at") - timedelta(days=days))


@database
def test_who_goes_on_is_kept_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second slice, weeks later, and dead again: a month begins anew."""
    sent = records(200)
    break_off(sent, monkeypatch)
    aged(29.9)
    assert break_off(sent, monkeypatch) == messages.FIRST
    aged(29.9)
    assert sweeping.sweep(at=platform_now())["broken_messages"] == 0
    assert statuses(send(sent)) == ["accepted"] * 200


@database
def test_who_comes_too_late_loses_nothing_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = records(120)
    left = break_off(sent, monkeypatch)
    aged(30.1)
    assert sweeping.sweep(at=platform_now())["broken_messages"] == 1
    assert (IdempotencyKey.objects.count(), SliceReceipt.objects.count()) == (0, 0)
    assert statuses(send(sent)) == ["unchanged"] * left + ["accepted"] * (120 - left)
    assert InboundRecord.objects.count() == 120


@database
def test_a_broken_message_keeps_its_key_for_its_own_body(monkeypatch: pytest.MonkeyPatch) -> None:
    send(records(1))
    IdempotencyKey.objects.update(is_final=False)
    with pytest.raises(messages.KeyReused):
        messages.receive(records(1, seed=2), by=WORKS, key="k", body_digest="other")


@database
def test_an_empty_message_has_an_empty_answer() -> None:
    assert send([]) == '{"receipts":[]}' == send([])


def test_two_who_bring_the_same_message_get_the_same_answer(committed_db: str) -> None:
    answers: list[str] = []

    def bring() -> None:
        answers.append(send(records(120)))
        connection.close()

    threads = [threading.Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 3 and len(set(answers)) == 1
    assert statuses(answers[0]) == ["accepted"] * 120
    assert (InboundRecord.objects.count(), SliceReceipt.objects.count()) == (120, 0)


@pytest.mark.parametrize(
    ("size", "taken", "wanted"), [(50, 5.0, 25), (40, 0.05, 60), (70, 0.05, 80), (40, 0.25, 32), (50, 0.0, 75)]
)
def test_a_slice_is_as_large_as_its_time_allows(size: int, taken: float, wanted: int) -> None:
    assert messages.next_size(size, taken) == wanted
