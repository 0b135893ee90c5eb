"""docs/operating.md without an instance: its commands are commands, its variables are read, its environment is fit.

That they also do what it says is run by tests/soak/test_operating_guide.py.
"""

import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings

from tradehall.accounts.sweeping import SPENT_KEPT
from tradehall.config import cli, proxies
from tradehall.config.house import archived, instance, production, supervisor
from tradehall.exchange.sweeping import ANSWERS_KEPT, BROKEN_KEPT, REFUSED_KEPT, SETTLED_KEPT
from tradehall.messages.sweeping import SERVED_KEPT

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs/operating.md").read_text("utf-8")
BLOCK = re.compile(r"<!-- (\S+) -->\n```\w+\n(.*?)```", re.S)
INLINE = re.compile(r"`(tradehall [^`]+)`")
SOURCES = "\n".join(path.read_text() for path in (ROOT / "tradehall").rglob("*.py") if "tests" not in path.parts)


def blocks(*names: str) -> list[str]:
    return [line for found, text in BLOCK.findall(GUIDE) if found in names for line in text.strip().splitlines()]


def environment() -> dict[str, str]:
    pairs = (line.partition("=") for line in blocks("env"))
    return {name: value for name, _, value in pairs}


@pytest.mark.parametrize("line", [*blocks("run", "up", "drill"), *INLINE.findall(GUIDE)])
def test_every_command_is_one(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "tradehall":
        assert cli.parser().parse_args(words).command == words[0]
    else:
        assert program == "curl"


def test_every_variable_is_read_somewhere() -> None:
    named = set(re.findall(r"(?:TRADEHALL|DATABASE)_[A-Z_]+[A-Z]", GUIDE))
    assert {name for name in named if name.removesuffix("_FILE") not in SOURCES} == set()


def test_the_environment_of_the_guide_is_fit_for_production(tmp_path: Path) -> None:
    given = environment() | {"TRADEHALL_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}
    assert list(production.complaints(given, tmp_path)) == []
    assert proxies.networks(given["TRADEHALL_PROXIES"])


def test_the_proxy_sets_what_is_believed_and_hides_the_metrics() -> None:
    nginx, caddy = "\n".join(blocks("nginx")), "\n".join(blocks("caddy"))
    for text in (
        "X-Forwarded-For",
        "X-Forwarded-Proto https",
        "/metrics { return 404",
        "127.0.0.1:8001",
        "proxy_buffering off",
    ):
        assert text in nginx
    assert "respond /metrics 404" in caddy and "flush_interval -1" in caddy
    assert nginx.count("{") == nginx.count("}") and caddy.count("{") == caddy.count("}")


def test_the_numbers_of_the_guide_are_those_of_the_program() -> None:
    said = " ".join(GUIDE.split())
    assert f"tokens spent {SPENT_KEPT.days} days ago" in said and f"repetition after {ANSWERS_KEPT.days} days" in said
    assert f"broken off {BROKEN_KEPT.days} days after their last try" in said
    assert (
        f"refused records {SETTLED_KEPT.days} days after they were settled or {REFUSED_KEPT.days // 365} years" in said
    )
    assert f"once read ({settings.MESSAGES_READ_DAYS}), and unread ({settings.MESSAGES_UNREAD_DAYS})" in said
    assert "news a year after it was read or 3 years unread" in said and f"stay {SERVED_KEPT.days // 365} years" in said
    assert supervisor.RESTARTS_A_MINUTE == 5 and "five times a minute" in said
    assert archived.OLDEST_BACKUP.days == 8 and instance.port() > 0
