"""A reader looks for trades: home, search, filters, exports, calendar, figures; with and without script, mouse and help."""

import csv
import io
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

from playwright.sync_api import Browser, Page, expect

from tests.journeys.finding import first, get, notices


def test_home_answers_without_scrolling(browser: Browser, site: str) -> None:
    """V1: what is new, what is live, what closes soon, at 1440×900, all of them links."""
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto("/")
    for words in ("今日新发公告", "正在竞价", "截止"):
        found = page.locator("main a", has_text=words).first
        box = found.bounding_box()
        assert box is not None and box["y"] + box["height"] <= 900, words
    expect(page.get_by_role("heading", name="最新公告")).to_be_visible()
    context.close()


def test_search_finds_by_name_number_and_party(page: Page, site: str) -> None:
    """V2: by part of a name, by organisation, and by number straight to the page."""
    item = first(site, kind="result", line="works")
    page.goto("/")
    page.locator("main input[name=q]").first.fill(item["title"][:6])
    page.keyboard.press("Enter")
    expect(page.locator("ul.rows")).to_contain_text(item["title"][:6])
    page.goto(f"/search?q={item['principal']}")
    expect(page.locator("ul.rows li").first).to_contain_text(item["principal"])
    for number, address in ((item["notice_no"], item["href"]), (item["project_no"], item["project_href"])):
        page.goto(f"/search?q={number}")
        assert urlsplit(page.url).path == address


def test_an_address_gives_the_same_list_elsewhere(browser: Browser, site: str) -> None:
    """V3: same list, order and page in a second browser."""
    seen = []
    for _ in range(2):
        context = browser.new_context(base_url=site)
        page = context.new_page()
        page.goto("/notices?line=works&sort=amount&page=2")
        seen.append(page.locator("ul.rows li a").all_inner_texts())
        context.close()
    assert seen[0] and seen[0] == seen[1]


def test_filters_are_removable_chips_and_add_up(page: Page, site: str) -> None:
    """V4: chosen filters are chips that one click removes; facet counts add up to the total."""
    answer = get(site, "/notices.json")
    for dimension in ("line", "stage", "kind"):
        assert sum(answer["facets"][dimension].values()) == answer["total"]
    page.goto("/notices?line=works&stage=result")
    chips = page.locator("a.chip.on")
    expect(chips).to_have_count(2)
    chips.first.click()
    expect(page.locator("a.chip.on")).to_have_count(1)


def test_a_district_word_becomes_a_filter(page: Page, site: str) -> None:
    """V5: the word turns into a filter, and the page says so."""
    page.goto("/search?q=临港区 工程")
    expect(page.locator("main")).to_contain_text("临港区")
    expect(page.locator("a.chip.on", has_text="临港区")).to_be_visible()
    assert {item["district"] for item in notices(site, q="临港区 工程")} == {"990102"}


def test_nothing_found_says_what_to_drop(page: Page, site: str) -> None:
    """V6: zero results name the condition to drop and offer it in one click; one wrong character is mended."""
    page.goto("/search?q=没有这种东西的项目&line=works")
    expect(page.locator("main")).to_contain_text("没有")
    assert page.locator("main a[href*='/search']").count() > 0
    word = first(site, kind="tender_notice", line="works")["title"][-12:-7]
    page.goto(f"/search?q={word[:2]}鼋{word[3:]}")
    expect(page.locator("div.hints")).to_contain_text(word)
    page.get_by_role("link", name="按建议检索").first.click()
    expect(page.locator("ul.rows li").first).to_be_visible()


def test_reading_and_paging_work_without_script(browser: Browser, site: str) -> None:
    """V7: search, paging and reading with script off."""
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/notices")
    titles = page.locator("ul.rows li a").all_inner_texts()
    page.locator("nav.pages a[rel=next], nav a[rel=next]").first.click()
    assert page.locator("ul.rows li a").all_inner_texts() != titles
    page.locator("ul.rows li a").first.click()
    expect(page.locator("#text")).to_be_visible()
    expect(page.locator("#proof")).to_be_visible()
    context.close()


def test_every_list_exports_what_it_shows(page: Page, site: str) -> None:
    """V9 V10: CSV with its Chinese intact, JSON and Atom hold the list shown."""
    query = "line=procurement&stage=result"
    shown = get(site, f"/notices.json?{query}")
    text = page.request.get(f"/notices.csv?{query}").body()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(rows) == shown["total"] and rows[0]["编号"] == shown["items"][0]["notice_no"]
    feed = ElementTree.fromstring(page.request.get(f"/notices.atom?{query}").body())
    titles = [node.text for node in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert shown["items"][0]["title"] in " ".join(title or "" for title in titles)


def test_calendar_counts_equal_their_lists(page: Page, site: str) -> None:
    """V11: a day's count equals the list that it opens; the iCalendar file carries zone and times."""
    page.goto("/calendar")
    link = page.locator("ol.cal a", has_text=re.compile(r"截止 \d+ 项")).first
    count = int("".join(re.findall(r"截止 (\d+) 项", link.inner_text())))
    href = link.get_attribute("href") or ""
    path, _, query = href.partition("?")
    assert get(site, f"{path}.json?{query}")["total"] == count
    link.click()
    expect(page.locator("main")).to_contain_text(str(count))
    ics = page.request.get("/calendar.ics").text()
    assert "BEGIN:VEVENT" in ics and "TZID=Asia/Shanghai" in ics and "UID:" in ics


def test_a_bar_opens_the_list_behind_it(page: Page, site: str) -> None:
    """V20: definition, period and as-of time; the list behind a bar adds up to it."""
    page.goto("/figures")
    for words in ("口径", "截至"):
        expect(page.locator("main")).to_contain_text(words)
    page.locator("details summary", has_text="看数据表").first.click()
    row = page.locator("figure table tbody tr", has=page.locator("td", has_text=re.compile(r"[1-9]"))).first
    path, _, query = (row.locator("a").get_attribute("href") or "").partition("?")
    assert get(site, f"{path}.json?{query}")["total"] > 0


def test_figures_shown_twice_are_equal(page: Page, site: str) -> None:
    """V21: a number on the home page is the number of the list that it opens."""
    page.goto("/")
    link = page.locator("main a", has_text="今日新发公告").first
    count = int(re.findall(r"\d+", link.inner_text().replace(",", ""))[0])
    path, _, query = (link.get_attribute("href") or "").partition("?")
    assert get(site, f"{path}.json?{query}")["total"] == count


def test_search_by_keyboard_alone(page: Page) -> None:
    """X1: skip link, search and first result without a mouse; focus can be seen."""
    page.goto("/notices")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#list-q").focus()
    page.keyboard.type("工程")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q="))
    page.locator("ul.rows li a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/n/"))


def test_a_wrong_sign_in_keeps_what_was_typed(page: Page) -> None:
    """X6: summary at top linking to the field, text beside it, and the account name is kept."""
    page.goto("/login")
    page.fill("#id_login", "nobody")
    page.fill("#id_password", "wrong")
    page.locator("main form.form button").click()
    expect(page.locator("section.errors a[href='#id_login']")).to_be_visible()
    expect(page.locator("#id_login")).to_have_value("nobody")


def test_back_and_reload_repeat_nothing(page: Page) -> None:
    """X9: back and forward return to the same list; a reload asks again and gives the same."""
    page.goto("/notices?line=land")
    titles = page.locator("ul.rows li a").all_inner_texts()
    page.locator("ul.rows li a").first.click()
    page.go_back()
    assert page.locator("ul.rows li a").all_inner_texts() == titles
    page.reload()
    assert page.locator("ul.rows li a").all_inner_texts() == titles


def test_times_and_amounts_have_one_format(page: Page, site: str) -> None:
    """X11: Beijing time as YYYY-MM-DD HH:MM, amounts in 万元 with two decimals at least."""
    item = first(site, kind="tender_notice", line="works")
    page.goto(item["href"])
    expect(page.locator("aside.dl .at")).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"))
    expect(page.locator("dl.facts")).to_contain_text(re.compile(r"[\d,]+\.\d{2,6} 万元"))
