"""Lists over HTTP: five formats of one search, chips and hints that act, numbers that lead straight to their page."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse
from django.test import Client

from tradehall.disclosure.models import NoticeRow

from .city import PARCEL

pytestmark = pytest.mark.usefixtures("city")
ATOM = "{http://www.w3.org/2005/Atom}"


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client, address: str) -> dict[str, Any]:
    return json.loads(text(client.get(address)))


@pytest.mark.parametrize("path", ["/search", "/notices", "/projects"])
def test_every_list_has_a_page_and_its_files(client: Client, path: str) -> None:
    page = text(client.get(path))
    for suffix in ("json", "csv", "atom", "ics"):
        assert f'href="{path}.{suffix}"' in page
        assert client.get(f"{path}.{suffix}").status_code == 200
    assert client.get(f"{path}.pdf").status_code == 404


def test_csv_and_json_hold_what_the_page_says(client: Client) -> None:
    found = listed(client, "/notices.json?line=works")
    raw = client.get("/notices.csv?line=works").content
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert found["total"] == len(rows) - 1 == 5
    assert [item["notice_no"] for item in found["items"]] == [row[0] for row in rows[1:]]
    assert {row[4] for row in rows[1:]} == {"工程建设"} and not any(row[5].isascii() for row in rows[1:])
    assert 'class="num">5</span>' in text(client.get("/notices?line=works"))


def test_csv_ignores_the_page_and_holds_the_whole_list(client: Client) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/notices.csv?page=7").content.decode("utf-8-sig"))))
    assert len(rows) - 1 == NoticeRow.objects.count()


def test_facet_counts_add_up_and_each_opens_as_many(client: Client) -> None:
    found = listed(client, "/notices.json")
    for name, counts in found["facets"].items():
        assert sum(counts.values()) == found["total"], name
    page = text(client.get("/notices"))
    links = re.findall(
        r'href="(/notices\?(?:line|stage|kind|district)=[^"]+)">[^<]+<span class="num">(\d+)</span>', page
    )
    assert len(links) > 8
    for address, count in links:
        assert listed(client, address.replace("/notices?", "/notices.json?"))["total"] == int(count), address


def test_a_chosen_condition_is_a_chip_that_goes_away(client: Client) -> None:
    page = text(client.get("/notices?line=works&stage=notice"))
    assert re.search(r'class="chip on" href="/notices\?stage=notice">工程建设', page)
    assert re.search(r'class="chip on" href="/notices\?line=works">交易公告', page)


def test_a_district_word_becomes_a_chip_and_is_said(client: Client) -> None:
    page = text(client.get("/search?q=" + quote("临港区 学校 施工")))
    assert "已将“临港区”作为地区条件" in page
    assert 'value="学校 施工"' in page
    assert "第二实验学校施工" in page


def test_nothing_found_offers_the_condition_to_drop(client: Client) -> None:
    page = text(client.get("/search?line=land&q=" + quote("实验学校")))
    assert "没有符合全部条件的公告" in page
    assert re.search(r'class="btn btn-o" href="/search\?q=[^"&]+">去掉这个条件', page)


def test_one_wrong_character_is_put_right(client: Client) -> None:
    page = text(client.get("/search?q=" + quote("实验学较")))
    assert "您要找的是不是“实验学校”" in page


def test_a_number_leads_straight_to_its_page_but_not_in_files(client: Client) -> None:
    row = NoticeRow.objects.get(project_title=PARCEL)
    assert client.get(f"/search?q={row.notice_no}")["Location"] == f"/n/{row.notice_no}"
    assert client.get("/search?q=XM-2026-0005")["Location"] == f"/p/{row.project_no}"
    assert [item["notice_no"] for item in listed(client, "/search.json?q=XM-2026-0005")["items"]] == [row.notice_no]


def test_a_moved_deadline_shows_both_times(client: Client) -> None:
    assert re.search(r'原为 <span class="num">09-16 16:00</span>', text(client.get("/projects")))
    atom = ElementTree.fromstring(client.get("/projects.atom").content)
    assert any("原为 09-16 16:00" in (entry.findtext(f"{ATOM}title") or "") for entry in atom.iter(f"{ATOM}entry"))


def test_wrong_values_are_said_and_not_used(client: Client) -> None:
    page = text(client.get("/notices?from=2026-13-45&amount_min=-3&stage=nonsense"))
    assert page.count('class="note warn"') == 3
    assert f'class="num">{NoticeRow.objects.count()}</span>' in page


def test_markup_in_a_query_stays_text(client: Client) -> None:
    assert "<script>alert" not in text(client.get("/search?q=" + quote("<script>alert(1)</script>")))
