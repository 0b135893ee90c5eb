"""Following: a bidder and the public are told of what comes through the data interface, in-site and by mail.

B4, and the window inside the service hall (seed:W1).
"""

import json
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import environment
from tests.journeys.finding import notices
from tests.journeys.test_acting import sign_in
from tests.journeys.test_everywhere import AXE
from tests.peers.mail.running import Mail

People = dict[str, dict[str, Any]]
TOLD_WITHIN_S = 20
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def token(site: str, home: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "tradehall.config.cli",
        "system",
        "add",
        "follow-a",
        "--name",
        "某交易系统",
        "--line",
        "works",
    ]
    said = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True).stdout
    return said.strip().splitlines()[-1].split()[-1]


def push(site: str, token: str, number: int, name: str, content: str = "中标人已确定。") -> None:
    """One result notice, published now, through the data interface; with another content it is a correction."""
    with urllib.request.urlopen(f"{site}/clock", timeout=10) as answer:
        now = re.sub(r"\D", "", json.load(answer)["now"])[:14]
    record = {
        "data_set": "WIN_RESULT_ANNO", "data_type": 2 if "更正" in content else 1, "data_key": f"follow-{number}",
        "platform_code": "12320000466011756J", "data_timestamp": now,
        "fields": {
            "NOTICE_NAME": f"{name}中标结果公告", "NOTICE_CONTENT": content, "NOTICE_SEND_TIME": now,
            "TENDER_PROJECT_CODE": f"A01990100{number:06d}001", "TENDER_PROJECT_NAME": name,
            "WIN_BIDDER_NAME": "澄州市政工程有限公司", "BID_AMOUNT": "123.456789",
        },
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": f"{number}-{now}",
        "Content-Type": "application/json",
    }
    body = json.dumps({"records": [record]}).encode()
    request = urllib.request.Request(f"{site}/api/v1/exchange/records", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert [one["status"] for one in json.load(answer)["receipts"]] == ["accepted"]


def until_listed(site: str, words: str) -> None:
    until = time.monotonic() + TOLD_WITHIN_S
    while not notices(site, q=words):
        assert time.monotonic() < until
        time.sleep(0.1)


def mail_to(mail: Mail, address: str, words: str) -> dict[str, Any]:
    until = time.monotonic() + TOLD_WITHIN_S
    while time.monotonic() < until:
        for one in reversed(mail.received(address)):
            if words in one["headers"]["Subject"]:
                return one
        time.sleep(0.1)
    raise AssertionError(f"no mail with {words}: {[one['headers']['Subject'] for one in mail.received(address)]}")


def link(text: str, purpose: str) -> str:
    found = re.search(rf"https?://\S+/follow/{purpose}/\S+", text)
    assert found, text
    return found[0]


def test_a_bidder_follows_and_is_told_in_site_and_by_mail(
    page: Page, site: str, people: People, token: str, mail: Mail
) -> None:  # fmt: skip
    """B4: follow and saved search; in-site and mail; each can be switched off."""
    push(site, token, 701, "澄湖路雨污分流工程")
    sign_in(page, people, "demo-bidder")
    page.goto("/desk/subscriptions")
    page.get_by_label("邮件地址").fill("bidder@example.com")
    page.get_by_role("button", name="换用这个地址").click()
    expect(page.get_by_text("等待确认")).to_be_visible()
    page.goto(link(mail_to(mail, "bidder@example.com", "请确认邮件地址")["text"], "confirm"))
    page.get_by_role("button", name="确认地址").click()
    expect(page.get_by_role("heading", name="地址已确认")).to_be_visible()
    page.goto("/search?q=澄湖路雨污分流工程")
    page.get_by_role("link", name="订阅此搜索").click()
    page.get_by_role("button", name="关注", exact=True).click()
    expect(page.get_by_text("检索公告：关键词：澄湖路雨污分流工程").first).to_be_visible()
    before = unread(page)
    push(site, token, 702, "澄湖路雨污分流工程二期")
    title = "新公告：澄湖路雨污分流工程二期中标结果公告"
    got = mail_to(mail, "bidder@example.com", title)
    assert f"{site}/n/" in got["text"] and "检索公告：关键词：澄湖路雨污分流工程" in got["text"]
    page.goto("/desk/messages")
    assert unread(page) == before + 1
    page.get_by_role("link", name=title).click()
    expect(page.get_by_text("首次阅读")).to_be_visible()
    expect(page.get_by_text("邮件已送达对方服务器")).to_be_visible()
    assert unread(page) == before
    page.get_by_role("link", name="查看公告").click()
    expect(page.locator("h1")).to_contain_text("澄湖路雨污分流工程二期")
    switch_off(page, "检索公告：关键词：澄湖路雨污分流工程")


def switch_off(page: Page, title: str) -> None:
    """All moments but one, no mail; then not at all."""
    page.goto("/desk/subscriptions")
    row = page.locator(".subs li", has_text=title)
    row.get_by_label("更改提醒").click()
    for words in ("发布公告", "变更、暂停或终止", "截止前 72 小时", "截止前 24 小时"):
        row.get_by_label(words).uncheck()
    row.get_by_role("combobox").select_option("none")
    row.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("截止前 2 小时；不发邮件")
    row.get_by_role("button", name="取消关注").click()
    expect(page.locator(".subs li", has_text=title)).to_have_count(0)


def unread(page: Page) -> int:
    shown = page.locator(".inbox-link b")
    return int(shown.inner_text()) if shown.count() else 0


def test_the_public_follows_by_confirmed_mail_and_leaves_by_one_click(
    browser: Browser, site: str, token: str, mail: Mail
) -> None:  # fmt: skip
    """B4, P1: no account, no script; the answer is the same for every address."""
    push(site, token, 703, "澄湖水厂扩建工程")
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    until_listed(site, "澄湖水厂扩建工程")
    page.goto("/search?q=澄湖水厂扩建工程")
    page.locator(".rows a").first.click()
    page.get_by_role("link", name="关注", exact=True).click()
    page.get_by_label("邮件地址").fill("reader@example.com")
    page.get_by_role("button", name="发送确认邮件").click()
    expect(page.get_by_role("heading", name="请查收邮件")).to_be_visible()
    page.goto(link(mail_to(mail, "reader@example.com", "请确认订阅")["text"], "confirm"))
    page.get_by_role("button", name="确认订阅").click()
    expect(page.get_by_role("heading", name="订阅已确认")).to_be_visible()
    push(site, token, 703, "澄湖水厂扩建工程", "更正：中标人名称有误。")
    got = mail_to(mail, "reader@example.com", "变更：澄湖水厂扩建工程")
    page.goto(link(got["text"], "manage"))
    expect(page.get_by_text("r***@example.com")).to_be_visible()
    one_click(got["headers"]["List-Unsubscribe"].strip("<>"))
    page.goto(link(got["text"], "end"))
    expect(page.get_by_role("heading", name="已退订")).to_be_visible()
    page.goto(link(got["text"], "manage"))
    expect(page.get_by_role("heading", name="链接已失效")).to_be_visible()
    context.close()


def one_click(address: str) -> None:
    """What a mail program does for its owner (RFC 8058); no cookie, no page before it, and it may do it twice."""
    for _ in range(2):
        request = urllib.request.Request(address, b"List-Unsubscribe=One-Click", method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200


class Hall(BaseHTTPRequestHandler):
    """A page of somebody's with the address of `?` in a frame; the example of docs/connecting.md."""

    def do_GET(self) -> None:
        frame = EXAMPLE.replace("https://trade.example/widget/notices?line=works", urlsplit(self.path).query)
        body = f"<!doctype html><meta charset=utf-8><title>hall</title>{frame}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Quiet."""


GUIDE = Path(__file__).resolve().parents[2] / "docs/connecting.md"
EXAMPLE = (re.findall(r"<!-- widget -->\n```html\n(.*?)```", GUIDE.read_text("utf-8"), re.S) or [""])[0]


@contextmanager
def served(origin: str) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), Hall)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def framed(page: Page, outer: str, inner: str) -> str:
    """What stands in the frame; a refused one holds the browser's own error page."""
    page.goto(f"{outer}/?{inner}")
    page.wait_for_load_state("networkidle")
    frame = page.frames[1]
    return frame.locator("body").inner_text() if frame.url.startswith("http") else ""


def test_the_hall_shows_the_widget_and_nobody_else_does(browser: Browser, site: str, hall: str) -> None:
    """seed:W1: a module inside the government service hall; every other page and every other origin is refused."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    scripts: list[str] = []
    page.on("request", lambda one: scripts.append(one.url) if one.resource_type == "script" else None)
    with served(hall):
        shown = framed(page, hall, f"{site}/widget/notices?line=works")
        assert "工程建设最新公告" in shown and "查看全部" in shown
        assert scripts == []
        with context.expect_page() as opened:
            page.frames[1].locator("li a").first.click()
        opened.value.wait_for_load_state()
        assert opened.value.url.startswith(f"{site}/n/")
        other = hall.replace("127.0.0.1", "localhost")  # another origin, the same page
        assert "最新公告" not in framed(page, other, f"{site}/widget/notices?line=works")
        for address in ("/notices", "/", "/login", "/follow/search"):
            assert framed(page, hall, f"{site}{address}") == "", address
    context.close()


def test_nothing_of_it_runs_over_at_390_or_is_without_a_name(browser: Browser, site: str, people: People) -> None:
    """The pages of following and of messages in every mode: no sideways scroll, nothing serious for axe."""
    problems = []
    for mode in ("normal", "elder", "contrast"):
        context = browser.new_context(base_url=site, viewport={"width": 390, "height": 844}, bypass_csp=True)
        context.add_cookies([{"name": "mode", "value": mode, "url": site}])
        page = context.new_page()
        for address in ("/widget/notices", "/follow/search?line=works", "/follow/asked", "/follow/confirm/x"):
            problems += faults(page, address, mode)
        sign_in(page, people, "demo-bidder")
        for address in ("/desk/messages", "/desk/subscriptions", "/follow/search?line=works"):
            problems += faults(page, address, mode)
        context.close()
    assert problems == []


def faults(page: Page, address: str, mode: str) -> list[tuple[str, ...]]:
    page.goto(address)
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    named = [(address, mode, one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in SERIOUS]
    return [*named, *([(address, mode, f"{wide} wide")] if wide > 390 else [])]
