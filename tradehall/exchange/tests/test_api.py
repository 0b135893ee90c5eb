"""The data interface over HTTP: tokens, forms, sizes, keys, the registry, and the feed in both of its forms."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from tradehall.accounts.services import add_system
from tradehall.exchange import feed
from tradehall.exchange.registry.examples import examples
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.wire_xml import write_records
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
PUSH, FEED = "/api/v1/exchange/records", "/api/v1/feed"
Answer = dict[str, object]


@pytest.fixture
def token() -> str:
    return add_system(by=PLATFORM, at=platform_now(), code="works-a", name="甲交易系统", line="works").token


def body(count: int = 1, seed: int = 1, name: str = "WIN_RESULT_ANNO") -> bytes:
    return json.dumps({"records": examples(data_sets()[name], count=count, seed=seed)}).encode()


def push(
    token: str, content: bytes, *, key: str = "k1", kind: str = "application/json", **headers: str
) -> tuple[int, Answer]:
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, **headers}
    answer = Client().post(PUSH, content, content_type=kind, headers={k: v for k, v in sent.items() if v})
    return answer.status_code, json.loads(answer.content)


def read(address: str) -> Answer:
    return json.loads(Client().get(address).content)


def refused(status: int, answer: Answer, wanted: int) -> bool:
    return status == wanted and {"code", "message", "request_id"} <= set(answer)


def test_json_and_xml_say_the_same(token: str) -> None:
    made = examples(data_sets()["BID_DEAL_ANNOUNCE"], count=2, seed=3)
    _, first = push(token, json.dumps({"records": made}).encode())
    status, second = push(token, write_records(made), key="k2", kind="application/xml")
    assert [one["status"] for one in first["receipts"]] == ["accepted", "accepted"]
    assert status == 200 and [one["status"] for one in second["receipts"]] == ["unchanged", "unchanged"]
    assert [one["data_key"] for one in second["receipts"]] == [one["data_key"] for one in made]


def test_only_a_known_token_may_push(token: str) -> None:
    assert refused(*push("", body(), Authorization=""), 401)
    assert refused(*push("wrong", body()), 401)
    assert refused(*push(token, body(), Authorization=token), 401)
    assert push(token, body())[0] == 200


def test_the_same_key_and_body_get_the_same_bytes_and_another_body_a_conflict(token: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    answers = [Client().post(PUSH, body(), content_type="application/json", headers=headers).content for _ in range(2)]
    assert answers[0] == answers[1] and b"accepted" in answers[0]
    assert refused(*push(token, body(seed=2), key="k"), 409)
    assert read(FEED)["items"] == []


def test_keys_of_two_systems_do_not_meet(token: str) -> None:
    other = add_system(by=PLATFORM, at=platform_now(), code="works-b", name="乙交易系统", line="works").token
    assert push(token, body())[0] == push(other, body(seed=2))[0] == 200


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"records": 1}', "application/json", 400),
        (b'{"records": [], "more": 1}', "application/json", 400),
        (b'{"records": [NaN]}', "application/json", 400),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><records>&b;</records>', "application/xml", 400),
        (b"<records>", "text/xml", 400),
        (b"x", "text/plain", 415),
        (b" " * (10 * 2**20 + 1), "application/json", 413),
        (json.dumps({"records": [0] * 1001}).encode(), "application/json", 413),
    ],
    ids=["半截", "坏编码", "过深", "不是列表", "多余字段", "不是数字", "实体", "半截 XML", "别的类型", "过大", "过多"],
)  # fmt: skip
def test_an_unreadable_message_is_refused_as_a_whole(token: str, content: bytes, kind: str, status: int) -> None:
    assert refused(*push(token, content, kind=kind), status)
    assert push(token, body())[0] == 200, "a refused message leaves its key free"


def test_a_key_is_required_and_parameters_are_known(token: str) -> None:
    assert refused(*push(token, body(), key=""), 400)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    assert Client().post(f"{PUSH}?x=1", body(), content_type="application/json", headers=headers).status_code == 400
    assert refused(*push(token, body(), key="有"), 400)


def test_big_numbers_keep_every_digit(token: str) -> None:
    text = body().decode().replace('"BID_AMOUNT": "', '"BID_AMOUNT": "9')
    assert push(token, text.encode())[0] == 200
    huge = '{"records":[{"data_set":"PROJECT","data_type":1,"data_key":%s,"fields":{}}]}' % ("9" * 5000)
    status, answer = push(token, huge.encode(), key="k2")
    assert status == 200 and answer["receipts"][0]["status"] == "refused"


def test_the_registry_is_public_in_every_form() -> None:
    names = {one["name"] for one in read("/api/v1/exchange/data-sets")["data_sets"]}
    assert names == set(data_sets())
    for suffix, kind in (
        (".xsd", "application/xml"),
        (".json-schema", "application/json"),
        ("/example.json", "application/json"),
    ):
        answer = Client().get(f"/api/v1/exchange/data-sets/BLACK_LIST{suffix}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert Client().get(f"/api/v1/exchange/data-sets/NOTHING{suffix}").status_code == 404
        assert Client().get(f"/api/v1/exchange/data-sets/BLACK_LIST{suffix}?x=1").status_code == 400


def test_examples_over_http_are_accepted_as_sent(token: str) -> None:
    made = Client().get("/api/v1/exchange/data-sets/TENDER_PLAN/example.json?n=20&seed=4").content
    status, answer = push(token, made)
    assert status == 200 and {one["status"] for one in answer["receipts"]} == {"accepted"}
    assert Client().get("/api/v1/exchange/data-sets/TENDER_PLAN/example.json?n=0").status_code == 400


def test_the_feed_is_ordered_and_resumable(token: str) -> None:
    push(token, body(5))
    push(token, body(2, name="BLACK_LIST"), key="k2")
    sealer.seal_pending()
    everything = read(FEED)
    positions = [item["position"] for item in everything["items"]]
    assert positions == sorted(set(positions)) and len(positions) == 7
    rest = read(f"{FEED}?after={positions[2]}")
    assert [item["position"] for item in rest["items"]] == positions[3:]
    assert read(f"{FEED}?after={everything['next']}") == {"items": [], "next": everything["next"]}


def test_the_feed_is_filtered_by_line_and_kind(token: str) -> None:
    push(token, body(2))
    push(token, body(1, name="BLACK_LIST"), key="k2")
    sealer.seal_pending()
    kinds = {item["kind"] for item in read(FEED)["items"]}
    assert kinds == {"result", "blacklist"}
    assert len(read(f"{FEED}?line=works")["items"]) == len(read(f"{FEED}?kind=result")["items"]) == 2
    assert len(read(f"{FEED}?kind=notice")["items"]) == 2 and read(f"{FEED}?line=land")["items"] == []
    item = read(f"{FEED}?kind=result")["items"][0]
    assert set(item) == {"position", "kind", "no", "version", "line", "at", "href"}
    assert item["href"] == f"/n/{item['no']}/v/1" and item["at"].endswith("+08:00")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=26", "line=x", "kind=x", "more=1", f"after={10**30}"])
def test_the_feed_refuses_what_it_does_not_know(query: str) -> None:
    answer = Client().get(f"{FEED}?{query}")
    assert refused(answer.status_code, json.loads(answer.content), 400)


def test_waiting_without_news_ends_by_itself() -> None:
    assert read(f"{FEED}?after=10000&wait=1") == {"items": [], "next": 10000}


def test_beyond_the_places_for_waiting_the_answer_comes_at_once() -> None:
    with ExitStack() as waiting:
        places = [waiting.enter_context(feed._a_place()) for _ in range(feed.MOST_WAITERS + 1)]
        assert places == [True] * feed.MOST_WAITERS + [False]
        assert read(f"{FEED}?after=10000&wait=25")["items"] == []


def events(answer: StreamingHttpResponse) -> Iterator[str]:
    return iter("".join(part.decode() for part in answer.streaming_content).split("\n\n"))


def test_server_sent_events_are_the_same_items(token: str) -> None:
    push(token, body(3))
    sealer.seal_pending()
    items = read(FEED)["items"]
    answer = Client().get(f"{FEED}?wait=0", headers={"Accept": "text/event-stream"})
    assert answer["Content-Type"].startswith("text/event-stream")
    seen = [one.split("\n") for one in events(answer) if one.startswith("id:")]
    assert [json.loads(data.removeprefix("data: ")) for _, data in seen] == items
    assert [head for head, _ in seen] == [f"id: {item['position']}" for item in items]
    again = Client().get(
        f"{FEED}?wait=0", headers={"Accept": "text/event-stream", "Last-Event-ID": str(items[0]["position"])}
    )
    assert sum(one.startswith("id:") for one in events(again)) == 2
