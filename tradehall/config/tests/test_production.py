"""Production: what is refused, in which words, and what a proxy is believed."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tradehall.config import proxies
from tradehall.config.commands import migrate_command
from tradehall.config.house import production, secret_files
from tradehall.config.house.instance import HouseError

FIT = {
    "TRADEHALL_SITE_URL": "https://hall.example.gov.cn",
    "TRADEHALL_PROXIES": "127.0.0.1",
    "TRADEHALL_OCID_PREFIX": "ocds-abc123",
    "TRADEHALL_LOG_ORIGIN": "hall.example.gov.cn/log",
    "TRADEHALL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
}
NATIONAL = {
    "TRADEHALL_NATIONAL_URL": "https://national.example",
    "TRADEHALL_NATIONAL_CODE": "110000000000000001",
    "TRADEHALL_PLATFORM_CODE": "310000000000000001",
}


def test_what_is_fit_is_not_complained_of(tmp_path: Path) -> None:
    assert list(production.complaints(FIT, tmp_path)) == []
    assert list(production.complaints(FIT | NATIONAL, tmp_path)) == []
    roles = {"DATABASE_URL": "postgresql://app@db/hall", "DATABASE_OWNER_URL": "postgresql://owner@db/hall"}
    assert list(production.complaints(FIT | roles, tmp_path)) == []


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"TRADEHALL_SITE_URL": ""}, "TRADEHALL_SITE_URL"),
        ({"TRADEHALL_SITE_URL": "http://hall.example.gov.cn"}, "TRADEHALL_SITE_URL"),
        ({"TRADEHALL_PROXIES": ""}, "TRADEHALL_PROXIES"),
        ({"TRADEHALL_OCID_PREFIX": ""}, "TRADEHALL_OCID_PREFIX"),
        ({"TRADEHALL_OCID_PREFIX": "ocds-demo00"}, "TRADEHALL_OCID_PREFIX"),
        ({"TRADEHALL_LOG_ORIGIN": ""}, "TRADEHALL_LOG_ORIGIN"),
        ({"TRADEHALL_SECRET_KEY": "short"}, "TRADEHALL_SECRET_KEY_FILE"),
        ({"TRADEHALL_SECRET_KEY": "a" * 64}, "TRADEHALL_SECRET_KEY_FILE"),
        (NATIONAL | {"TRADEHALL_NATIONAL_CODE": ""}, "TRADEHALL_NATIONAL_CODE"),
        (NATIONAL | {"TRADEHALL_PLATFORM_CODE": "129901000009900160"}, "TRADEHALL_PLATFORM_CODE"),
        (NATIONAL | {"TRADEHALL_NATIONAL_URL": "http://national.example"}, "TRADEHALL_NATIONAL_URL"),
        ({"TRADEHALL_HALL_OIDC_ISSUER": "http://hall.example"}, "TRADEHALL_HALL_OIDC_ISSUER"),
        ({"DATABASE_URL": "postgresql://me@db/hall"}, "DATABASE_OWNER_URL"),
        ({"DATABASE_URL": "postgresql://a@b/c", "DATABASE_OWNER_URL": "postgresql://a@b/c"}, "DATABASE_OWNER_URL"),
    ],
    ids=[
        "没有网址", "不是 https", "没有代理地址", "没有 OCID 前缀", "演示 OCID 前缀", "没有日志名称", "密钥过短", "密钥过简",
        "没有国家平台代码", "演示平台代码", "国家平台不加密", "政务大厅不加密", "只有一个数据库角色", "两个角色相同",
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_set(changes: dict[str, str], variable: str, tmp_path: Path) -> None:
    with pytest.raises(HouseError) as refused:
        production.refuse_unfit(FIT | changes, tmp_path)
    [text] = str(refused.value).splitlines()[1:]
    assert variable in text


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    assert len(list(production.complaints({}, tmp_path))) == 5


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys" / "oidc").mkdir(parents=True)
    key = tmp_path / "keys" / "oidc" / "0001.pem"
    key.write_text("secret")
    key.chmod(0o644)
    [text] = production.complaints(FIT, tmp_path)
    assert f"chmod 600 {key}" in text


def test_a_database_is_what_it_was_created_as() -> None:
    demo, serious = {"django_migrations", "platform_clock"}, {"django_migrations"}
    with pytest.raises(HouseError, match="created as a demonstration.*TRADEHALL_HOME"):
        production.refuse_other_kind(demo, "production")
    with pytest.raises(HouseError, match="created for production.*up --production"):
        production.refuse_other_kind(serious, "demo")
    for tables, kind in ((demo, "demo"), (serious, "production"), (set(), "demo"), (set(), "production"), (demo, "")):
        production.refuse_other_kind(tables, kind)


@pytest.mark.django_db
def test_a_demonstration_is_not_started_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database has a clock that can be moved."""
    monkeypatch.setenv(production.EXPECTED, "production")
    with pytest.raises(HouseError, match="created as a demonstration"):
        migrate_command.run(argparse.Namespace())


def written(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_a_secret_by_file_is_read_once_and_stands_where_everybody_looks(tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL_FILE": written(tmp_path / "db", "postgresql://app:geheim@db/hall\n"),
        "TRADEHALL_SECRET_KEY_FILE": written(tmp_path / "key", "k" * 40, 0o640),
    }
    secret_files.load(environ)
    assert (environ["DATABASE_URL"], environ["TRADEHALL_SECRET_KEY"]) == ("postgresql://app:geheim@db/hall", "k" * 40)
    (tmp_path / "db").write_text("postgresql://app:neu@db/hall")
    secret_files.load(environ)
    assert "geheim" in environ["DATABASE_URL"], "a child keeps what it was started with"


def test_secret_files_that_are_refused(tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": "postgresql:///a",
        "DATABASE_URL_FILE": written(tmp_path / "a", "postgresql:///b"),
        "DATABASE_OWNER_URL_FILE": str(tmp_path / "nowhere"),
        "TRADEHALL_SECRET_KEY_FILE": written(tmp_path / "open", "k" * 40, 0o644),
        "TRADEHALL_BACKUP_PASSPHRASE_FILE": written(tmp_path / "empty", "\n"),
        "TRADEHALL_MAIL_PASSWORD_FILE": written(tmp_path / "mail", "geheim", 0o604),
    }
    with pytest.raises(HouseError) as refused:
        secret_files.load(environ)
    words = ("not there", "both set", "is empty", "chmod 640", "chmod 640")
    lines = str(refused.value).splitlines()
    assert len(lines) == 5 and all(word in line for word, line in zip(words, lines, strict=True))
    assert "geheim" not in str(refused.value)


def test_the_command_refuses_before_anything_is_started(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "TRADEHALL_", "DJANGO_"))}
    env |= {"TRADEHALL_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "tradehall.config.cli", "up", "--production"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "not fit for production" in done.stderr
    assert not (tmp_path / "home" / "db").exists()
    env |= {"TRADEHALL_SECRET_KEY_FILE": written(tmp_path / "key", "k" * 40, 0o666)}
    assert "everybody" in subprocess.run(command, env=env, capture_output=True, text=True, timeout=60).stderr


def seen_by(settings: Settings, request: HttpRequest, trusted: str) -> tuple[str, bool, HttpResponse]:
    """Address and scheme as the application sees them, and the answer."""
    settings.PROXIES = trusted
    seen: list[tuple[str, bool]] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append((request.META["REMOTE_ADDR"], request.is_secure()))
        return HttpResponse("页面")

    answer = proxies.behind_proxy(page)(request)
    return (*seen[0], answer)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", "203.0.113.7", ("203.0.113.7", True)),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7", ("203.0.113.7", True)),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.4", ("203.0.113.7", True)),
        ("127.0.0.1", "rubbish", ("127.0.0.1", True)),
        ("127.0.0.1", "2001:db8::7", ("2001:db8::7", True)),
        ("198.51.100.1", "203.0.113.7", ("198.51.100.1", False)),
    ],
    ids=["代理", "访客伪造在前", "两级代理", "不是地址", "IPv6", "不是代理"],
)
def test_only_the_proxy_is_believed(
    settings: Settings, rf: RequestFactory, peer: str, forwarded: str, expected: tuple[str, bool]
) -> None:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded, "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen_by(settings, rf.get("/", REMOTE_ADDR=peer, **headers), "127.0.0.1, 10.0.0.0/24")[:2] == expected
    assert seen_by(settings, rf.get("/", REMOTE_ADDR=peer, **headers), "")[:2] == (peer, False)


def test_https_is_kept_for_a_year(settings: Settings, rf: RequestFactory) -> None:
    settings.SITE_URL = "https://hall.test"
    assert seen_by(settings, rf.get("/"), "")[2]["Strict-Transport-Security"] == "max-age=31536000"
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert "Strict-Transport-Security" not in seen_by(settings, rf.get("/"), "")[2].headers


def test_what_is_no_address_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="TRADEHALL_PROXIES"):
        proxies.networks("proxy.example")


def test_cookies_are_secure_and_nothing_is_shown_to_strangers() -> None:
    script = (
        "from tradehall.config import settings as s; "
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.KIND, s.MAIL_FOLDER)"
    )
    env = (
        {k: v for k, v in os.environ.items() if not k.startswith("TRADEHALL_")} | FIT | {"TRADEHALL_KIND": "production"}
    )
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "True", "True", "production", "None"], done.stderr
