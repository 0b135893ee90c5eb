"""Two stock OpenID clients against a running platform: authlib (Python) and openid-client (npm)."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from tests.journeys.conftest import environment

HERE = Path(__file__).resolve().parents[1] / "peers" / "openid_client"
REDIRECT, GOODBYE = "http://127.0.0.1:9/callback", "http://127.0.0.1:9/goodbye"


@pytest.fixture(scope="module")
def registered(site: str, home: Path) -> dict[str, str]:
    """`tradehall client add` prints what a client needs, as JSON, once."""
    words = ["client", "add", "两个标准客户端", "--redirect", REDIRECT, "--logout", GOODBYE]
    command = [sys.executable, "-m", "tradehall.config.cli", *words]
    said = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True).stdout
    told: dict[str, str] = json.loads(said)
    assert set(told) == {"client_id", "client_secret"}
    return told


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def filled(page: requests.Response, **values: str) -> tuple[str, dict[str, str]]:
    """The form that has these fields, as a browser would send it."""
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page.text, re.S)
    form = next(one for one in forms if all(f'name="{name}"' in one for name in values))
    stated = {}
    for field in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\s{part}="([^"]*)"', field) for part in ("name", "value"))
        if name and (" checked" in field or not re.search('type="(radio|checkbox)"', field)):
            stated[name.group(1)] = unescape(value.group(1)) if value else ""
    action = re.search(r'<form[^>]*\saction="([^"]*)"', form)
    return urljoin(page.url, unescape(action.group(1)) if action else page.url), stated | values


def follow(visitor: requests.Session, answer: requests.Response, until: str) -> requests.Response | str:
    """Through our own pages; the address itself once it leads to the client."""
    while answer.is_redirect:
        address = urljoin(answer.url, answer.headers["Location"])
        if address.startswith(until):
            return address
        answer = visitor.get(address, allow_redirects=False)
    return answer


def submit(
    visitor: requests.Session, page: requests.Response | str, until: str, **values: str
) -> requests.Response | str:
    assert isinstance(page, requests.Response), page
    address, stated = filled(page, **values)
    sent = visitor.post(address, stated, headers={"Referer": page.url}, allow_redirects=False)
    return follow(visitor, sent, until)


def signed_in(visitor: requests.Session, address: str, who: dict[str, Any]) -> str:
    page = follow(visitor, visitor.get(address, allow_redirects=False), REDIRECT)
    page = submit(visitor, page, REDIRECT, login=who["login"], password=who["password"])
    if not isinstance(page, str):
        page = submit(visitor, page, REDIRECT, action="allow")
    assert isinstance(page, str)
    return page


def test_authlib_signs_in_with_pkce_refreshes_and_signs_out(
    site: str, registered: dict[str, str], visitor: requests.Session, people: dict[str, dict[str, Any]]
) -> None:
    who = people["demo-bidder"]
    told: dict[str, Any] = requests.get(f"{site}/.well-known/openid-configuration", timeout=30).json()
    client = OAuth2Session(
        registered["client_id"], registered["client_secret"], scope="openid profile", redirect_uri=REDIRECT,
        code_challenge_method="S256",
    )  # fmt: skip
    verifier = secrets.token_urlsafe(48)
    address, state = client.create_authorization_url(told["authorization_endpoint"], code_verifier=verifier, nonce="n")
    back = signed_in(visitor, address, who)
    assert parse_qs(urlsplit(back).query)["state"] == [state]
    first = client.fetch_token(told["token_endpoint"], authorization_response=back, code_verifier=verifier)
    second = client.refresh_token(told["token_endpoint"], refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    person = client.get(told["userinfo_endpoint"]).json()
    assert person["name"] == who["name"] and person["roles"] and person["org_code"]
    leave = {"id_token_hint": first["id_token"], "post_logout_redirect_uri": GOODBYE, "state": "bye"}
    page = visitor.get(f"{told['end_session_endpoint']}?{urlencode(leave)}")
    assert submit(visitor, page, GOODBYE, action="logout") == f"{GOODBYE}?state=bye"
    with pytest.raises(AuthlibBaseError, match="invalid_grant"):
        client.refresh_token(told["token_endpoint"], refresh_token=second["refresh_token"])


def test_openid_client_of_npm_signs_in_with_pkce_refreshes_and_signs_out(
    site: str, registered: dict[str, str], tmp_path: Path, people: dict[str, dict[str, Any]]
) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("NO NODE FOUND: npm's openid-client was not tested. Install node 20 or later with npm")
    for name in ("package.json", "package-lock.json", "check.mjs"):
        shutil.copy(HERE / name, tmp_path)
    ready = subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=tmp_path, capture_output=True, text=True)
    if ready.returncode:
        pytest.skip(f"NPM REGISTRY NOT REACHED: openid-client was not tested. {ready.stderr.strip()[-200:]}")
    who = people["demo-bidder"]
    words = [
        site,
        registered["client_id"],
        registered["client_secret"],
        REDIRECT,
        GOODBYE,
        who["login"],
        who["password"],
    ]
    done = subprocess.run(
        [node, "check.mjs", *words], cwd=tmp_path, capture_output=True, text=True, timeout=120, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["claims"]["nonce"] and told["claims"]["amr"] == ["pwd"] and told["person"]["name"] == who["name"]
    assert told["left"] == f"{GOODBYE}?state=bye" and told["refused"] == "invalid_grant"
