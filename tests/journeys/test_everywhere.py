"""What must hold on every public page: accessibility, no sideways scroll, strict policy, modes, no dead end."""

import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.finding import first

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
TEMPLATES = (
    "/", "/search?q=项目", "/search?q=没有这样的词语", "/projects", "/notices", "/calendar", "/openings", "/auctions", "/orgs",
    "/figures", "/rules", "/rules/works.open.post", "/guide", "/credit", "/login", "/login/new",
    "/log/", "/widget/notices", "/styleguide/", "/accessibility", "/sitemap",
    "/n/B0000000000000", "PROJECT", "NOTICE", "CHECK", "ORG",
)  # fmt: skip
MODES = ("normal", "elder", "contrast")
WIDTHS = (1440, 390)
CRAWL_LIMIT = 160


def address(site: str, name: str) -> str:
    item = first(site, kind="result") if name.isupper() and name != "/" else {}
    return {
        "PROJECT": item.get("project_href", ""),
        "NOTICE": item.get("href", ""),
        "CHECK": f"{item.get('href')}/v/1/check",
        "ORG": f"/orgs?q={item.get('principal')}",
    }.get(name, name)


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_serious(browser: Browser, site: str, mode: str) -> None:
    """X2 X3: WCAG 2.2 A and AA on every template, at both widths; and no page scrolls sideways."""
    script = AXE.read_text()
    problems = []
    for width in WIDTHS:
        context = browser.new_context(base_url=site, viewport={"width": width, "height": 900}, bypass_csp=True)
        context.add_cookies([{"name": "mode", "value": mode, "url": site}])
        page = context.new_page()
        for name in TEMPLATES:
            page.goto(address(site, name))
            page.evaluate(script)
            tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
            found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
            problems += [
                (name, width, v["id"], v["nodes"][0]["html"][:120])
                for v in found["violations"]
                if v["impact"] in ("serious", "critical")
            ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            problems += [(name, width, "scrolls sideways", wide)] if wide > width else []
        context.close()
    assert problems == []


def test_modes_stay(page: Page) -> None:
    """X4: the choice persists across pages, at the same addresses."""
    page.goto("/")
    page.get_by_role("link", name="长者版", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.goto("/notices")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.goto("/notices?mode=normal")
    expect(page.locator("html")).to_have_attribute("data-mode", "normal")


def test_shell_speaks_three_languages(page: Page) -> None:
    """X12: titles of the shell switch without leaving the page."""
    page.goto("/notices")
    page.get_by_role("link", name="English", exact=True).first.click()
    expect(page).to_have_url(re.compile("/notices"))
    expect(page.locator("nav.nav")).to_contain_text("Notices")


def test_crawl_finds_no_dead_end(browser: Browser, site: str) -> None:
    """X7 X14: no dead link, no empty page, no console error, no request to an outside host."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    faults: list[tuple[str, str]] = []
    here = {"path": "/"}
    page.on("console", lambda m: faults.append((here["path"], m.text)) if m.type == "error" else None)
    page.on(
        "request",
        lambda r: faults.append((here["path"], f"outside: {r.url}")) if not r.url.startswith((site, "data:")) else None,
    )
    todo, seen = deque(["/"]), {"/"}
    shapes: dict[str, int] = {}
    visited = 0
    while todo and visited < CRAWL_LIMIT:
        visited += 1
        path = here["path"] = todo.popleft()
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            faults.append((path, f"status {answer.status if answer else 'none'}"))
            continue
        if len(page.locator("main").inner_text().strip()) < 20:
            faults.append((path, "empty page"))
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))"):
            follow = _follow(site, path, href, shapes)
            if follow and follow not in seen:
                seen.add(follow)
                todo.append(follow)
    context.close()
    assert faults == []


def _follow(site: str, path: str, href: str, shapes: dict[str, int]) -> str | None:
    """Every kind of page, but only two of each shape of address: a hundred notices are one template."""
    target = urlsplit(urljoin(site + path, href))
    if not target.geturl().startswith(site) or re.search(
        r"\.(json|csv|atom|ics|xsd)$|/proof.json|/log/|/api/|/files/", target.path
    ):
        return None
    names = ",".join(sorted(part.split("=")[0] for part in target.query.split("&") if part))
    shape = re.sub(r"/[^/]*\d[^/]*", "/#", target.path) + "?" + names
    shapes[shape] = shapes.get(shape, 0) + 1
    if shapes[shape] > 2:
        return None
    return target.path + (f"?{target.query}" if target.query else "")


def test_first_view_is_light(browser: Browser, site: str) -> None:
    """X8: the first view of a notice page weighs at most 300 KB as sent, and paints within 1.5 s."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(address(site, "NOTICE"))
    page.wait_for_load_state("networkidle")
    painted = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
        ".observe({type: 'largest-contentful-paint', buffered: true}))"
    )
    context.close()
    assert sum(sizes) <= 300 * 1024
    assert painted <= 1500


def test_disabled_controls_say_why(page: Page) -> None:
    """X13: every disabled control has its reason beside it."""
    page.goto("/styleguide/")
    disabled = page.locator("button[disabled]")
    assert disabled.count() > 0
    for place in range(disabled.count()):
        expect(disabled.nth(place).locator("xpath=following-sibling::*[contains(@class,'btn-why')]")).to_be_visible()
