"""The public API: what it answers, and how it says no."""

import pytest
from django.test import Client

from tradehall.disclosure.tests.trades import notice, recorded, works
from tradehall.tenders.tests.samples import TENDER

pytestmark = pytest.mark.django_db
USCC = "91310115752982198B"


def test_a_project_names_its_notices_and_lots(client: Client) -> None:
    receipts = recorded(works())
    body = client.get(f"/api/v1/projects/{receipts[0].project_no}").json()
    assert [one["notice_no"] for one in body["notices"]] == [receipt.notice_no for receipt in receipts]
    assert [lot["name"] for lot in body["lots"]] == ["一标段", "二标段"]
    assert (body["state"]["is_reported"], body["href"]) == (True, f"/p/{receipts[0].project_no}")


def test_a_notice_is_its_published_text_with_position_and_digests(client: Client) -> None:
    receipt, *_ = recorded([TENDER])
    body = client.get(f"/api/v1/notices/{receipt.notice_no}").json()
    assert body["notice"]["title"] == TENDER.title and "13812345678" not in str(body)
    [version] = body["versions"]
    assert version["position"] >= 1 and len(version["digest_sha256"]) == len(version["digest_sm3"]) == 64


def test_a_version_that_does_not_exist_is_not_found(client: Client) -> None:
    receipt, *_ = recorded([TENDER])
    address = f"/api/v1/notices/{receipt.notice_no}"
    assert client.get(address, {"version": 1}).status_code == 200
    assert client.get(address, {"version": 2}).status_code == 404


@pytest.mark.parametrize(
    ("address", "status", "code", "field"),
    [
        ("/api/v1/ocds/releases?afer=1", 400, "unknown_parameter", "afer"),
        ("/api/v1/ocds/releases?after=-1", 400, "greater_than_equal", "after"),
        ("/api/v1/ocds/releases?after=x", 400, "int_parsing", "after"),
        ("/api/v1/ocds/records/ocds-demo00-RNOTHING", 404, "not_found", None),
        ("/api/v1/projects/R%00", 400, "string_pattern_mismatch", "no"),
        ("/api/v1/projects/R1?page=1", 400, "unknown_parameter", "page"),
        ("/api/v1/notices/B404", 404, "not_found", None),
        ("/api/v1/parties/123", 400, "string_pattern_mismatch", "uscc"),
        (f"/api/v1/parties/{USCC}", 404, "not_found", None),
        (f"/api/v1/credit/{USCC}", 404, "not_found", None),
        ("/api/v1/nothing/here", 404, "not_found", None),
    ],
)
def test_errors_have_one_shape(client: Client, address: str, status: int, code: str, field: str | None) -> None:
    answer = client.get(address)
    body = answer.json()
    assert (answer.status_code, body["code"], body.get("field")) == (status, code, field)
    assert body["message"] and body["request_id"] == answer["X-Request-Id"]
    assert set(body) <= {"code", "message", "field", "basis", "request_id"}


def test_a_wrong_method_says_which_are_right(client: Client) -> None:
    answer = client.post("/api/v1/ocds/releases", data="{}", content_type="application/json")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "GET", "method_not_allowed")


def test_releases_are_paged_to_the_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradehall.disclosure.api.RELEASES_A_PAGE", 3)
    recorded([notice(number, "tender_notice", "works", f"第{number}小学") for number in range(1, 8)])
    address, sizes, ids = "/api/v1/ocds/releases", [], []
    while address:
        body = client.get(address).json()
        sizes.append(len(body["releases"]))
        ids += [release["id"] for release in body["releases"]]
        address = body["next"]
    assert sizes == [3, 3, 1] and len(set(ids)) == 7


def test_the_reference_names_every_operation_and_loads_nothing_from_outside(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    page = client.get("/api/v1/docs").content.decode()
    assert [path for path in paths if path not in page] == []
    assert "//cdn" not in page and "<script src" not in page
