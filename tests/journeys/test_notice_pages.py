"""A reader opens a project and its notices: chain, evidence, changes, results, paper."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.finding import first, get


def test_project_page_shows_the_whole_chain(page: Page, site: str) -> None:
    """V12 V18: done, current and future steps, each done one a link with its date; winner, price, contract."""
    item = first(site, kind="contract", line="works")
    page.goto(item["project_href"])
    steps = page.locator("ol.flow li")
    assert steps.count() >= 7
    expect(page.locator("ol.flow li[aria-current=step]")).to_have_count(1)
    done = page.locator("ol.flow li.done")
    for place in range(done.count()):
        assert re.search(r"\d\d-\d\d", done.nth(place).inner_text())
        assert done.nth(place).locator("a").get_attribute("href", timeout=1000)
    page.get_by_role("tab", name=re.compile("开评标与结果")).click()
    expect(page.get_by_role("heading", name=re.compile("中标")).first).to_be_visible()
    page.locator("ol.flow li.done a").first.click()
    expect(page).to_have_url(re.compile(r"/n/"))


def test_every_notice_carries_its_evidence(page: Page, site: str) -> None:
    """V15: time, source, version, owner, both digests; 核验 says 一致, and 不一致 for a tampered copy."""
    item = first(site, kind="candidates")
    page.goto(item["href"])
    card = page.locator("#proof")
    for text in ("发布人", "来源", "版本", "SHA-256", "SM3", "存证序号"):
        expect(card).to_contain_text(text)
    with page.expect_download() as download:
        card.get_by_role("link", name="证明").click()
    proof = Path(download.value.path()).read_bytes()
    card.get_by_role("link", name="核验").click()
    expect(page.locator("main")).to_contain_text("一致")
    expect(page.locator("main")).not_to_contain_text("不一致")
    page.set_input_files("#id_copy", {"name": "proof.json", "mimeType": "application/json", "buffer": proof})
    page.get_by_role("button", name="核对副本").click()
    expect(page.locator("main")).to_contain_text("副本：一致")
    tampered = json.loads(proof)
    tampered["notice"]["title"] += "。"
    body = json.dumps(tampered, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    page.set_input_files("#id_copy", {"name": "proof.json", "mimeType": "application/json", "buffer": body})
    page.get_by_role("button", name="核对副本").click()
    expect(page.locator("main")).to_contain_text("副本：不一致")


def test_a_correction_shows_old_and_new(page: Page, site: str) -> None:
    """V13 V14: 已变更 N 次, the changed terms with <del> and <ins>, the earlier deadline beside the new one."""
    item = first(site, kind="correction")
    page.goto(item["href"])
    expect(page.locator("main")).to_contain_text(re.compile(r"已变更 \d+ 次"))
    table = page.locator("section.diff table").first
    expect(table.locator("del").first).to_be_visible()
    expect(table.locator("ins").first).to_be_visible()


def test_terminated_projects_keep_their_address(page: Page, site: str) -> None:
    """V17: the page still answers and says what happened and why."""
    item = first(site, kind="failure")
    page.goto(item["project_href"])
    expect(page.locator("main")).to_contain_text("已终结")
    expect(page.locator("main")).to_contain_text("不足三家")


def test_an_unknown_number_offers_a_search(page: Page) -> None:
    """V23: 404 with the guessed number in the search box; an old-style address is redirected for good."""
    answer = page.goto("/n/B0000000000000")
    assert answer is not None and answer.status == 404
    expect(page.locator("main input[name=q]")).to_have_value("B0000000000000")
    moved = page.request.get("/jyxxgcgg/", max_redirects=0)
    assert moved.status == 301 and moved.headers["location"] == "/notices?line=works"


def test_a_number_in_the_wrong_address_leads_home(page: Page, site: str) -> None:
    """V2: any number used in the wrong address redirects to the right one."""
    item = first(site, kind="result")
    page.goto(f"/p/{item['notice_no']}")
    expect(page).to_have_url(re.compile(re.escape(item["href"])))


def test_paper_shows_the_notice_alone(page: Page, site: str) -> None:
    """V22: no navigation; title, number and digest."""
    item = first(site, kind="tender_notice")
    page.goto(item["href"])
    page.emulate_media(media="print")
    expect(page.locator("header.head")).to_be_hidden()
    expect(page.locator(".print-only")).to_be_visible()
    expect(page.locator(".print-only")).to_contain_text(item["notice_no"])
    expect(page.locator(".print-only")).to_contain_text("SHA-256")
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_organisation_page_lists_trades_with_sources(page: Page, site: str) -> None:
    """V19: role, projects, wins, with source and date; nothing personal."""
    item = first(site, kind="result")
    page.goto(item["href"])
    page.locator(".aside").get_by_role("link", name=re.compile("澄州")).first.click()
    expect(page).to_have_url(re.compile(r"/org/"))
    expect(page.locator("#trades table")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d"))


def test_credit_records_leave_on_time(page: Page, site: str) -> None:
    """V19: publisher, basis and end date; expired and revoked ones only on demand."""
    page.goto("/credit")
    expect(page.locator("main")).to_contain_text("有效")
    expect(page.locator("table")).not_to_contain_text("已撤销")
    assert get(site, "/credit.json")["total"] < get(site, "/credit.json?state=all")["total"]


def test_files_show_type_size_and_digest(page: Page, site: str) -> None:
    """V16: type, size, version, digest; a superseded file is marked and comes last."""
    item = first(site, q="学苑路小学")
    page.goto(item["project_href"])
    page.get_by_role("tab", name=re.compile("文件")).click()
    table = page.locator("#files table")
    expect(table).to_contain_text("application/pdf")
    expect(table).to_contain_text("现行")
    expect(table).to_contain_text(re.compile(r"\d+(\.\d)? (B|KB|MB)"))
