"""Registering a system, keys that rotate with overlap, and requests that leave the house."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tradehall.accounts import outgoing
from tradehall.accounts.oidc import clients, keys
from tradehall.journal.clock import platform_now
from tradehall.journal.models import Entry
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible, Refusal

AT = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def test_the_first_key_is_made_once_and_is_nobody_elses_to_read(home: Path) -> None:
    first = keys.signing_keys()
    assert keys.signing_keys() == first and len(first) == 1
    path = home / "keys/oidc/0001.pem"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_the_next_key_is_known_before_it_signs_and_the_old_one_after(home: Path) -> None:
    keys.signing_keys()
    keys.rotate(AT, immediately=False)
    old, new = keys.signing_keys()
    assert new.not_before == AT + keys.AHEAD and new.expires_at is None
    assert old.expires_at == AT + keys.AHEAD + keys.KEPT


def test_a_stolen_key_ends_at_once(home: Path) -> None:
    keys.signing_keys()
    keys.rotate(AT, immediately=True)
    old, new = keys.signing_keys()
    assert (old.expires_at, new.not_before) == (AT, AT)


@pytest.mark.django_db
def test_rotate_key_is_recorded(home: Path) -> None:
    keys.rotate_key(by=PLATFORM, at=platform_now())
    assert len(keys.signing_keys()) == 2
    assert Entry.objects.filter(code="accounts.rotate_key").count() == 1


def _register(**changes: object) -> clients.NewClient:
    stated = {"name": "工程交易系统", "redirects": ["https://a.example/cb"], **changes}
    return clients.register_client(by=PLATFORM, at=platform_now(), **stated)


@pytest.mark.django_db
def test_register_client_shows_its_secret_once() -> None:
    made = _register()
    assert made.secret and made.secret not in made.system.client.secret
    assert made.system.client.check_secret(made.secret)
    assert made.system.start_href == "https://a.example/"
    assert _register(public=True).secret is None
    assert Entry.objects.filter(code="accounts.register_client").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"redirects": []},
        {"redirects": ["https://*.example/cb"]},
        {"redirects": ["http://a.example/cb"]},
        {"redirects": ["https://a.example/cb#f"]},
        {"redirects": ["https://user@a.example/cb"]},
        {"redirects": ["javascript:alert(1)"]},
        {"redirects": ["http://localhost/cb"]},
        {"backchannel": "http://10.0.0.1/out"},
        {"backchannel": "ftp://a.example/out"},
        {"logouts": ["//a.example/"]},
        {"name": "  "},
    ],
)
def test_register_client_refuses_what_could_lead_astray(changes: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        _register(**changes)


@pytest.mark.django_db
def test_disable_client_works_once_and_only_for_one_that_is_there() -> None:
    made = _register()
    for _ in range(2):
        clients.disable_client(by=PLATFORM, at=platform_now(), client_id=made.system.client_id)
    assert clients.open_system(made.system.client_id) is None
    assert Entry.objects.filter(code="accounts.disable_client").count() == 1
    with pytest.raises(NotVisible):
        clients.disable_client(by=PLATFORM, at=platform_now(), client_id="nobody")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "https://127.0.0.1:1/", "https://[::1]:1/", "https://10.0.0.1/",
                                     "https://169.254.169.254/", "https://localhost:1/", "http://a.example/"])  # fmt: skip
def test_nothing_leaves_for_an_inner_network_in_production(address: str) -> None:
    with pytest.raises(outgoing.NotReached, match="内部网络|https"):
        outgoing.post(address, b"", {}, loopback=False, seconds=1)


def test_loopback_is_for_demonstrations_and_other_inner_networks_for_nobody() -> None:
    with pytest.raises(outgoing.NotReached, match="没有应答"):
        outgoing.post("http://127.0.0.1:1/", b"", {}, loopback=True, seconds=1)
    with pytest.raises(outgoing.NotReached, match="内部网络"):
        outgoing.post("https://10.0.0.1/", b"", {}, loopback=True, seconds=1)


def test_times_overlap_longer_than_anybody_caches() -> None:
    assert timedelta(hours=1) <= keys.AHEAD and timedelta(days=1) < keys.KEPT
