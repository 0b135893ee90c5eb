"""Signing in as people do it: by keyboard, with a code, with a passkey; seeing where one is signed in, and leaving everywhere."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

People = dict[str, dict[str, Any]]
STEP_S = 30


def code_of(secret: str) -> str:
    """RFC 6238 by hand: the platform's own library shall not judge itself."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // STEP_S), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Any]:
    """New browsers that know nothing of each other. By name: passkeys belong to names, not to numbers."""
    contexts: list[BrowserContext] = []

    def new() -> Page:
        context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), locale="zh-CN")
        contexts.append(context)
        return context.new_page()

    yield new
    for context in contexts:
        context.close()


def sign_in(page: Page, who: dict[str, Any]) -> None:
    page.goto("/login")
    page.get_by_label("账号", exact=True).fill(who["login"])
    page.get_by_label("口令", exact=True).fill(who["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    if who["totp_secret"]:
        page.get_by_label("动态码").fill(code_of(who["totp_secret"]))
        page.get_by_role("button", name="确认登录").click()
    expect(page).to_have_url(re.compile("/desk$"))


def type_into(page: Page, name: str, text: str) -> None:
    """Tab until the field has the focus, then type: no pointer, no script."""
    for _ in range(60):
        if page.evaluate("document.activeElement?.name ?? ''") == name:
            page.keyboard.type(text)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


def test_password_and_code_by_keyboard_alone(visit: Any, people: People) -> None:
    """X1: from the address to the desk without a pointer; the code is asked on a page of its own."""
    who, page = people["demo-bidder-code"], visit()
    page.goto("/login?next=/account")
    type_into(page, "login", who["login"])
    type_into(page, "password", who["password"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/login/code$"))
    type_into(page, "code", code_of(who["totp_secret"]))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account$"))
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    expect(page.get_by_text("动态码：已启用")).to_be_visible()


def test_a_passkey_is_registered_and_signs_in_alone(visit: Any, people: People) -> None:
    """The browser's own authenticator, played by Chromium; afterwards no password is typed."""
    who, page = people["demo-expert"], visit()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**options, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, who)
    page.goto("/account/passkeys/add")
    page.get_by_label("口令", exact=True).fill(who["password"])
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_label("名称").fill("单位电脑")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    page.goto("/account")
    expect(page.get_by_text("通行密钥：单位电脑")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    page.goto("/login?next=/account/sessions")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(re.compile("/account/sessions$"))
    expect(page.locator(".sessions li", has_text="本机")).to_contain_text("通行密钥、本人验证、两步")
    page.goto("/account")
    page.get_by_role("link", name="移除：单位电脑").click()
    page.get_by_role("button", name="用通行密钥确认").or_(page.get_by_label("口令", exact=True)).first.wait_for()
    page.get_by_label("口令", exact=True).fill(who["password"])
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("button", name="移除", exact=True).click()
    expect(page.get_by_text("通行密钥：未登记")).to_be_visible()


def test_the_list_shows_both_browsers_and_one_act_ends_all(visit: Any, people: People) -> None:
    """A second browser signs in; the list shows one more; after one act neither is signed in."""
    here, there = visit(), visit()
    sign_in(here, people["demo-host"])
    here.goto("/account/sessions")
    before = here.locator(".sessions li").count()
    sign_in(there, people["demo-host"])
    here.reload()
    expect(here.locator(".sessions li")).to_have_count(before + 1)
    expect(here.locator(".sessions li", has_text="本机")).to_have_count(1)
    here.get_by_role("button", name="退出全部登录（含本机）").click()
    expect(here).to_have_url(re.compile("/login$"))
    for page in (here, there):
        page.goto("/account")
        expect(page).to_have_url(re.compile(r"/login\?next="))


def test_the_end_of_the_session_is_said_in_time_and_may_be_put_off(visit: Any, people: People) -> None:
    """X10: stated on the page from the start, louder five minutes before, and one press goes on."""
    page = visit()
    page.clock.install()
    sign_in(page, people["demo-cashier"])
    notice = page.get_by_label("登录期限")
    expect(notice).to_contain_text(re.compile(r"登录保留到 \d\d:\d\d"))
    page.clock.fast_forward("25:30")
    expect(notice.get_by_role("status")).to_contain_text("到期（还有约")
    notice.get_by_role("button", name="继续使用").click()
    expect(notice.get_by_role("status")).to_contain_text("已继续")
    page.clock.fast_forward("31:00")
    expect(notice.get_by_role("status")).to_contain_text("登录已到期")


def test_without_script_signing_in_works_as_well(browser: Browser, site: str, people: People) -> None:
    """Ordinary forms all the way, code included; the page still says until when."""
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, people["demo-agency-code"])
    expect(page.get_by_text(re.compile("登录保留到"))).to_be_visible()
    page.goto("/account/sessions")
    page.get_by_role("button", name=re.compile("结束这次登录")).first.click()
    expect(page).to_have_url(re.compile("/login"))
    context.close()
