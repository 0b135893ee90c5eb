"""One sign-in, four trading systems, one sign-out: the journey of somebody who trades on every market of the city."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.conftest import environment

OUT_WITHIN_S = 5.0


@pytest.fixture(scope="module")
def peers(site: str, home: Path) -> list[str]:
    """`tradehall demo --peers` starts four systems, one a line, and says where they are; they end with the site."""
    command = [sys.executable, "-m", "tradehall.config.cli", "demo", "--peers"]
    said = subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=180)
    assert said.returncode == 0, said.stderr
    addresses = [line.split()[0].rstrip("/") for line in said.stdout.splitlines()]
    assert len(addresses) == 4
    assert "市场主体登记库（演示）: registrations are compared with it" in said.stderr
    return addresses


def sign_in(page: Page, who: dict[str, Any], target: str) -> None:
    page.goto(f"/login?next={target}")
    page.fill('input[name="login"]', who["login"])
    page.fill('input[name="password"]', who["password"])
    page.locator('form:has(input[name="password"]) button').first.click()
    expect(page).to_have_url(re.compile(re.escape(target)))


def told(peer: str, what: str) -> int:
    found: int = requests.get(f"{peer}/status.json", timeout=10).json()[what]
    return found


def inside(peer: str) -> int:
    return told(peer, "person")


def test_one_sign_in_opens_four_systems_and_one_sign_out_closes_them(
    page: Page, site: str, peers: list[str], people: dict[str, dict[str, Any]]
) -> None:
    """X15 and the plan's clause 三(一): register once, enter every market, leave once."""
    who = people["demo-bidder"]
    sign_in(page, who, "/systems")
    before = [inside(peer) for peer in peers]  # other people of the same demonstration may be in
    for peer in peers:
        page.goto("/systems")
        page.locator(f'a.door:has-text("{peer.removeprefix("http://")}")').click()
        expect(page).to_have_url(f"{peer}/")
        expect(page.locator("#who")).to_have_text(who["name"])
        expect(page.locator("#organisation")).to_contain_text(who["organisation"])
        expect(page.locator("#roles")).to_have_text(who["role"])
    assert [inside(peer) for peer in peers] == [count + 1 for count in before]
    page.click("button:has-text('退出')")  # of the last system: it sends the person to the platform, which asks
    expect(page).to_have_url(re.compile(f"^{re.escape(site)}/oidc/logout"))
    page.click("button:has-text('全部退出')")
    out_at = time.monotonic()
    expect(page).to_have_url(re.compile(f"^{re.escape(peers[-1])}/goodbye"))
    while [inside(peer) for peer in peers] != before:
        assert time.monotonic() - out_at < OUT_WITHIN_S
        time.sleep(0.05)
    for peer in peers:
        page.goto(f"{peer}/")
        expect(page.locator("#who")).to_have_text("未登录")
    page.goto("/account")
    expect(page).to_have_url(re.compile("/login"))


def test_a_door_asks_a_stranger_to_sign_in_and_then_leads_on(
    page: Page, peers: list[str], people: dict[str, dict[str, Any]]
) -> None:
    page.goto("/systems")
    page.locator("a.door").first.click()
    expect(page).to_have_url(re.compile("/login"))
    who = people["demo-agency"]
    page.fill('input[name="login"]', who["login"])
    page.fill('input[name="password"]', who["password"])
    page.locator('form:has(input[name="password"]) button').first.click()
    expect(page.locator("#who")).to_have_text(who["name"])


def test_a_system_pushes_and_sees_what_others_published(
    page: Page, peers: list[str], people: dict[str, dict[str, Any]]
) -> None:
    sign_in(page, people["demo-agency"], "/systems")
    page.locator(f'a.door:has-text("{peers[0].removeprefix("http://")}")').click()
    before = told(peers[0], "pushed")
    page.click("button:has-text('报送示例记录')")
    expect(page).to_have_url(f"{peers[0]}/")
    assert told(peers[0], "pushed") == before + 4  # a notice, its result, a party, an event
    for line in page.locator("#pushed li").all()[:4]:
        expect(line).to_contain_text("accepted")
    deadline = time.monotonic() + 30
    while told(peers[1], "received") == 0:
        assert time.monotonic() < deadline
        time.sleep(0.3)
