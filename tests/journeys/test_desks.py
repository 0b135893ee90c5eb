"""The pages of whoever is signed in, role by role: whole, reachable, quiet, accessible, and never without a next step."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.journeys.test_acting import sign_in
from tests.journeys.test_everywhere import AXE

People = dict[str, dict[str, Any]]
ROLES = (
    "principal", "agency", "bidder", "expert", "centre", "cashier", "host", "authority", "supervisor", "district",
    "discipline", "auditor", "association", "notary", "guardian", "steward", "admin",
)  # fmt: skip
WIDTHS = (1440, 390)
RUN = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OWN = re.compile(r"/(desk|account|register|systems)(/|$)")
LEAVES = re.compile(r"/enter$|/files/|/recovery-codes/file$|^/api/|^/log/|\.(json|csv|atom|ics)$")
MOST_PAGES = 60


@dataclass
class Crawl:
    """What all roles together have looked at, so that one template is not examined seventeen times."""

    examined: set[str] = field(default_factory=set)
    followed: Counter[str] = field(default_factory=Counter)

    def wants(self, path: str) -> bool:
        """A page of the menu for two roles, what lies deeper once."""
        most = 2 if path.count("/") < 3 and "?" not in path else 1
        self.followed[_shape(path)] += 1
        return self.followed[_shape(path)] <= most


@pytest.fixture(scope="module")
def crawl() -> Crawl:
    return Crawl()


@dataclass
class Visit:
    """One person's browser, and whatever it complained of."""

    page: Page
    site: str
    faults: list[tuple[str, str]] = field(default_factory=list)
    path: str = ""

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.fault(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.fault(f"outside: {request.url}")

    def fault(self, words: str) -> None:
        self.faults.append((self.path, words))


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield Visit(context.new_page(), site)
    context.close()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_desk_is_whole(visit: Visit, people: People, crawl: Crawl, role: str) -> None:
    """X2 X3 X7 X14 X15: no dead link, no complaint, nothing asked of other hosts, nothing too wide, the body always said."""
    sign_in(visit.page, people, f"demo-{role}")
    todo, seen = deque(["/desk"]), {"/desk"}
    for _ in range(MOST_PAGES):
        if not todo:
            break
        visit.path = todo.popleft()
        answer = visit.page.goto(visit.path)
        if answer is None or answer.status != 200:
            visit.fault(f"status {answer.status if answer else 'none'}")
            continue
        _look(visit, crawl)
        found = [path for path in _links(visit, crawl) if path not in seen and crawl.wants(path)]
        seen.update(found)
        todo.extend(found)
    assert visit.faults == []


def _look(visit: Visit, crawl: Crawl) -> None:
    """Both widths; the accessibility of each kind of page once."""
    page, shape = visit.page, _shape(visit.path)
    is_new = shape not in crawl.examined
    crawl.examined.add(shape)
    if page.locator("h1").count() != 1 or not page.locator("main").inner_text().strip():
        visit.fault("no single heading or nothing to read")
    if not page.get_by_role("region", name="当前身份").is_visible():
        visit.fault("does not say for whom one acts")
    if is_new:
        page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            visit.fault(f"{wide} wide at {width}")
        if is_new:
            _examine(visit, width)


def _examine(visit: Visit, width: int) -> None:
    found = visit.page.evaluate(RUN, TAGS)
    for one in found["violations"]:
        if one["impact"] in ("serious", "critical"):
            visit.fault(f"{width}: {one['id']} {one['nodes'][0]['html'][:120]}")


def _links(visit: Visit, crawl: Crawl) -> Iterator[str]:
    """Pages of the desk to go on to; what leads elsewhere need only be there."""
    hrefs = visit.page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    for href in dict.fromkeys(hrefs):
        target = urlsplit(urljoin(visit.site + visit.path, href))
        if not target.geturl().startswith(visit.site) or LEAVES.search(target.path):
            continue
        path = target.path + (f"?{target.query}" if target.query else "")
        if OWN.match(target.path):
            yield path
        elif _shape(path) not in crawl.examined:
            crawl.examined.add(_shape(path))
            answer = visit.page.request.get(visit.site + path, max_redirects=3)
            if not answer.ok:
                visit.fault(f"leads to {path}: {answer.status}")


def _shape(path: str) -> str:
    """Every kind of page: a hundred messages are one template."""
    target = urlsplit(path)
    names = ",".join(sorted(part.split("=")[0] for part in target.query.split("&") if part))
    return re.sub(r"/[^/]*\d[^/]*", "/#", target.path) + (f"?{names}" if names else "")


@pytest.mark.parametrize("role", ["expert", "cashier", "association"])
def test_a_desk_with_nothing_to_do_says_what_comes_next(page: Page, people: People, role: str) -> None:
    """X14: no empty column; the one button leads to where this role goes on."""
    sign_in(page, people, f"demo-{role}")
    empty = page.locator(".state", has_text="没有待办")
    expect(empty).to_be_visible()
    empty.get_by_role("link").click()
    expect(page.locator("h1")).to_be_visible()
    assert urlsplit(page.url).path != "/desk"


def test_the_way_back_is_one_click(page: Page, people: People) -> None:
    """X3: at 390 too, from every page of the menu."""
    sign_in(page, people, "demo-centre")
    page.set_viewport_size({"width": 390, "height": 844})
    menu = page.get_by_role("navigation", name="工作台")
    for label in ("授权管理", "接入系统", "我的账号"):
        menu.get_by_role("link", name=label).click()
        expect(menu.locator("[aria-current]")).to_have_text(label)
        expect(menu.locator("[aria-current]")).to_be_in_viewport()
        menu.get_by_role("link", name="工作台").click()
        expect(page).to_have_url(re.compile("/desk$"))


def test_a_page_of_another_role_says_whose_it_is(page: Page, people: People) -> None:
    """S8 X14: refused in words, with the way back."""
    sign_in(page, people, "demo-bidder")
    answer = page.goto("/desk/registrations")
    assert answer is not None and answer.status == 403
    expect(page.locator("main")).to_contain_text("交易中心服务人员")
    page.get_by_role("link", name="回工作台").click()
    expect(page.get_by_role("heading", name="待办")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_visitor_sees_where_to_register(page: Page, width: int) -> None:
    """B1: from the first page, from the guide and from the head of every page."""
    page.set_viewport_size({"width": width, "height": 900})
    for address, name in (("/", "注册主体"), ("/guide", "注册主体"), ("/rules", "注册")):
        page.goto(address)
        if name == "注册" and width == 390:
            page.locator("header summary").click()
        page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()
        expect(page).to_have_url(re.compile("/login/new$"))
