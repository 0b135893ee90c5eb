"""The command line: what is refused before anything is touched, in words and with exit status 1."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tradehall.config import cli
from tradehall.config.settings import database


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["bench", "nothing"], "There is no bench 'nothing'"),
        (["verify", "a", "b", "c"], "verify takes a file"),
        (["verify", "/nowhere/proof.json"], "NOT VERIFIED: the file cannot be read"),
        (["witness", "ftp://log"], "not a web address"),
    ],
    ids=["没有这个基准", "参数过多", "没有这个文件", "不是网址"],
)
def test_refused_in_words(
    words: list[str],
    expected: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("TRADEHALL_HOME", str(tmp_path))
    monkeypatch.setenv("TRADEHALL_SECRET_KEY", "given")
    assert cli.main(words) == 1
    out = capsys.readouterr()
    assert expected in out.err + out.out


def test_every_command_of_the_interface_is_there() -> None:
    text = cli.parser().format_help()
    for name in ("up", "import", "export", "verify", "witness", "system", "demo", "bench", "doctor"):
        assert name in text


def test_an_address_that_cannot_be_read_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read"):
        database("postgresql://[", pool=0)


def test_a_socket_address_and_options_are_kept() -> None:
    made = database("postgresql://me@/hall?host=/run/x", pool=4, options="-c a=1")
    assert (made["HOST"], made["USER"], made["NAME"]) == ("/run/x", "me", "hall")
    assert made["OPTIONS"] == {"options": "-c a=1", "pool": {"min_size": 1, "max_size": 4, "timeout": 10}}
