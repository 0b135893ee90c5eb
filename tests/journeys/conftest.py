"""A real `tradehall up` on a free port with its own home, and a real Chromium. Without a browser: skipped, loudly.

REQUIRE_BROWSER=1 turns the skip into a failure.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.peers.mail.running import Mail, running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]
START_SECONDS = 180


def free_ports() -> int:
    """A port that is free together with the one after it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tradehall-journey-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def environment(home: Path) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DATABASE_OWNER_URL"}}
    return env | {"TRADEHALL_HOME": str(home)}


@pytest.fixture(scope="session")
def people(site: str, home: Path) -> dict[str, dict[str, Any]]:
    """The demonstration's accounts by login, as `tradehall demo accounts --json` lists them."""
    command = [sys.executable, "-m", "tradehall.config.cli", "demo", "accounts", "--json"]
    said = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True).stdout
    return {one["login"]: one for one in json.loads(said)}


@pytest.fixture(scope="session")
def mail() -> Iterator[Mail]:
    """The mail server of the site: everything it sends arrives there."""
    with running() as peer:
        yield peer


@pytest.fixture(scope="session")
def hall() -> str:
    """The origin that may show the site's widget; journeys put a page of theirs there."""
    return f"http://127.0.0.1:{free_ports()}"


@pytest.fixture(scope="session")
def site(home: Path, mail: Mail, hall: str) -> Iterator[str]:
    port = free_ports()
    env = environment(home) | {"TRADEHALL_PORT": str(port), "TRADEHALL_HALL_ORIGIN": hall}
    env |= {
        "TRADEHALL_MAIL_HOST": "127.0.0.1",
        "TRADEHALL_MAIL_PORT": str(mail.port),
        "TRADEHALL_MAIL_SECURITY": "none",
    }
    out = home / "up.out"
    with out.open("wb") as file:
        up = subprocess.Popen([sys.executable, "-m", "tradehall.config.cli", "up"], env=env, stdout=file, stderr=file)
    try:
        address = f"http://127.0.0.1:{port}/"
        deadline = time.monotonic() + START_SECONDS
        while f"{address}\n" not in out.read_text():
            assert up.poll() is None and time.monotonic() < deadline, f"the site did not start:\n{out.read_text()}"
            time.sleep(0.2)
        yield address.rstrip("/")
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but no Chromium was found: apt install chromium fonts-noto-cjk")
        pytest.skip("NO CHROMIUM FOUND: no journey was tested. apt install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()
