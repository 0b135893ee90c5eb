"""For whom one acts: two organisations in one account, switched in two clicks; the client of an agency in a bar."""

from typing import Any

from playwright.sync_api import Page, expect

People = dict[str, dict[str, Any]]


def sign_in(page: Page, people: People, login: str) -> None:
    page.goto("/login")
    page.get_by_label("账号").fill(login)
    page.locator("[name=password]").fill(people[login]["password"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/desk")


def test_another_organisation_is_two_clicks_away(page: Page, people: People) -> None:
    sign_in(page, people, "demo-principal")
    page.goto("/rules")
    bar = page.get_by_role("region", name="当前身份")
    before = bar.locator("p b").nth(1).inner_text()
    bar.get_by_text("切换").click()
    bar.locator("button[name=organisation]:not([aria-current])").first.click()
    expect(bar.locator("p b").nth(1)).not_to_have_text(before)
    expect(page).to_have_url("/rules")
    page.goto("/notices")
    expect(bar.locator("p b").nth(1)).not_to_have_text(before)


def test_the_client_and_the_mandate_are_always_in_the_bar(page: Page, people: People) -> None:
    sign_in(page, people, "demo-agency")
    bar = page.get_by_role("region", name="当前身份")
    expect(bar).to_contain_text("没有选择委托人")
    bar.get_by_text("切换").click()
    bar.locator("button[name=client]").first.click()
    for address in ("/desk", "/notices", "/rules"):
        page.goto(address)
        expect(bar).to_contain_text("委托书")
        expect(bar).to_contain_text("有效至")


def test_nothing_runs_over_at_390(page: Page, people: People) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for login, address in (("demo-principal", "/desk/mandates"), ("demo-centre", "/desk/grants")):
        page.context.clear_cookies()
        sign_in(page, people, login)
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_role("region", name="当前身份")).to_be_visible()
