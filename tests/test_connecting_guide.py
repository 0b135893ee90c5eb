"""docs/connecting.md is true: its commands are commands, its JSON is accepted and answered as it says, its code works."""

import json
import re
import shlex
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tradehall.config import cli
from tradehall.config.commands import client_command, conformance_command, system_command
from tradehall.exchange import courier, feed, signing
from tradehall.exchange.conformance import ADDRESSES, RULES
from tradehall.exchange.feed import Wish
from tradehall.exchange.models import Webhook
from tradehall.exchange.tests.peers import publish, registered, served
from tradehall.journal import sealer

__all__ = ["served"]
pytestmark = pytest.mark.django_db
GUIDE = (settings.ROOT / "docs/connecting.md").read_text("utf-8")
BLOCK = re.compile(r"<!-- (\S+) -->\n```\w+\n(.*?)```", re.S)
COMMANDS = {
    "system": system_command.run, "client": client_command.run, "conformance": conformance_command.run,
}  # fmt: skip
ACCEPT = Callable[[str, dict[str, str], bytes, set[str]], int]


def blocks(name: str) -> list[str]:
    return [text for found, text in BLOCK.findall(GUIDE) if found == name]


def test_every_command_of_the_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for block in blocks("run") for line in block.strip().splitlines()]
    assert len(lines) == 7
    for line in lines:
        program, *words = shlex.split(line)
        arguments = cli.parser().parse_args(words)
        status = COMMANDS[arguments.command](arguments)
        wanted = 1 if arguments.command == "conformance" else 0  # nobody listens at the guide's address
        assert (program, status) == ("tradehall", wanted), line
    out = capsys.readouterr().out
    assert out.count("whsec_") == 2 and "FAIL  discovery" in out


def test_every_record_of_the_guide_is_accepted_and_answered_as_it_says() -> None:
    token = registered().token
    sent, answers = blocks("send"), blocks("answer")
    assert len(sent) == len(answers) == 2
    for number, (body, answer) in enumerate(zip(sent, answers, strict=True)):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{number}"}
        got = Client().post("/api/v1/exchange/records", body, content_type="application/json", headers=headers)
        assert got.json() == json.loads(answer)


def test_a_webhook_is_subscribed_as_the_guide_says() -> None:
    token = registered().token
    [wish] = blocks("subscribe")
    answer = Client().post(
        "/api/v1/exchange/webhooks", wish, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 201 and answer.json()["secret"].startswith("whsec_")


def test_a_message_looks_as_the_guide_shows() -> None:
    publish(1)
    sealer.seal_pending()
    items, last = feed.page(0, Wish())
    [shown] = blocks("body")
    said = json.loads(shown)
    assert said.keys() == {"items", "next"} and said["items"][0].keys() == items[0].keys()
    assert last == items[-1]["position"] or last > 0


def test_the_receiver_of_the_guide_takes_in_what_is_right_once_and_refuses_the_rest() -> None:
    accept = receiver()
    secret, body, seen = signing.new_secret(), b'{"items":[],"next":0}', set[str]()
    signers = signing.Signers([signing.secret_bytes(secret)], [])

    def message(age_s: float = 0) -> dict[str, str]:
        at = courier.timezone.now() - courier.timedelta(seconds=age_s)
        return dict(signing.headers(signers, message_id="m1", at=at, body=body))

    assert accept(secret, message(), body, seen) == 200
    assert accept(secret, message(), body, seen) == 204, "the same message again"
    assert accept(secret, message(301), body, set()) == 401, "a replay"
    assert accept(secret, message(), body + b" ", set()) == 401
    assert accept(signing.new_secret(), message(), body, set()) == 401
    assert time.time() > 0


def receiver() -> ACCEPT:
    found: ACCEPT = defined("receiver", "accept")
    return found


def defined(block: str, name: str) -> Any:
    [source] = blocks(block)
    namespace: dict[str, Any] = {}
    exec(compile(source, "connecting.md", "exec"), namespace)
    return namespace[name]


def test_the_follower_of_the_guide_reads_on_and_begins_again_when_told(served: str) -> None:
    """A name that was never this log's stands for any that is no more: exchange/tests/test_withdrawn.py has the restore."""
    publish(1, 2)
    sealer.seal_pending()
    follow, place, taken, gone = defined("follow", "follow"), {"after": "0", "log": ""}, [], []

    def take(items: list[dict[str, Any]]) -> None:
        taken.extend(items)

    follow(f"{served}/api/v1/feed", place, take, gone.append)
    assert len(taken) == 2 and int(place["after"]) >= taken[-1]["position"] and place["log"]
    place["log"] = "lost.example/log"
    follow(f"{served}/api/v1/feed", place, take, gone.append)
    assert (place["after"], gone, len(taken)) == ("0", [0], 2)
    follow(f"{served}/api/v1/feed", place, take, gone.append)
    assert len(taken) == 4


def test_the_guide_names_every_rule_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.M) == list(RULES)
    [stated] = blocks("well-known")
    assert tuple(json.loads(stated)) == ADDRESSES


def test_the_numbers_of_the_guide_are_those_of_the_platform() -> None:
    rate, burst = settings.EXCHANGE_RECORDS_PER_SECOND, settings.EXCHANGE_RECORDS_AT_ONCE
    assert f"{rate:,.0f} records a second" in GUIDE and f"{burst:,.0f} at once" in GUIDE
    assert [courier.delay_s(number) for number in (1, 2, 3, 99)] == [5, 15, 45, 3_600]
    assert courier.PAUSE_AFTER.days == 3 and courier.SECONDS == 10 and signing.OVERLAP.total_seconds() == 24 * 3600
    assert Webhook.objects.count() == 0


def test_the_frame_of_the_guide_shows_a_widget_that_answers(settings: Any) -> None:
    settings.HALL_ORIGIN = "https://hall.example"
    [frame] = blocks("widget")
    address = re.search(r'src="https://trade\.example(/[^"]+)"', frame)
    assert address and "<script" not in frame
    answer = Client().get(address[1])
    assert answer.status_code == 200 and answer["Content-Security-Policy"].endswith(
        "frame-ancestors https://hall.example"
    )
    said = Client().get(address[1].replace("/notices?", "/notices.json?")).json()
    assert said["version"] == "https://jsonfeed.org/version/1.1"
