"""The main road of the public window: from the home page by search to a notice and the check of its evidence."""

import re

from playwright.sync_api import Page, expect


def test_from_the_home_page_to_a_verified_notice(page: Page) -> None:
    """V1 V2 V15: home says what is new; its search finds a trade by a word of its title; 核验 says 一致."""
    answer = page.goto("/")
    assert answer is not None and answer.status == 200
    title = page.locator('main a[href^="/n/"]').first.inner_text().strip()
    word = max(re.findall(r"[\u4e00-\u9fff]+", title), key=len)
    page.locator('input[name="q"]').first.fill(word)
    page.locator('input[name="q"]').first.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?.*q="))
    found = page.locator('main a[href^="/n/"]').first
    expect(found).to_be_visible()
    found.click()
    expect(page).to_have_url(re.compile(r"/n/[NB]"))
    expect(page.locator("main")).to_contain_text(re.compile(r"\b[0-9a-f]{64}\b"))
    page.get_by_role("link", name="核验").first.click()
    expect(page.locator("main")).to_contain_text("一致")
    expect(page.locator("main")).not_to_contain_text("不一致")


def test_health_and_timing_are_stated(page: Page, site: str) -> None:
    """Every page says how long the application took; /healthz says that all parts work."""
    answer = page.request.get(f"{site}/healthz")
    assert answer.status == 200
    assert answer.json()["status"] == "ok"
    assert re.fullmatch(r"app;dur=[\d.]+", page.request.get(f"{site}/rules").headers["server-timing"])
