"""`tradehall keys rotate`: an act in the journal each time, and a copy in the archive at once."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from tradehall.config import cli
from tradehall.config.commands import keys_command
from tradehall.config.house import archive, sealed_keys
from tradehall.config.house.instance import HouseError
from tradehall.journal import keys, selectors

PASSPHRASE = "long enough to seal"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.HOME = tmp_path
    monkeypatch.setenv("TRADEHALL_HOME", str(tmp_path))
    monkeypatch.delenv(archive.VARIABLE, raising=False)
    monkeypatch.delenv("TRADEHALL_BACKUP_PASSPHRASE", raising=False)
    return tmp_path


def rotate(*words: str) -> int:
    arguments: argparse.Namespace = cli.parser().parse_args(["keys", "rotate", *words])
    return keys_command.run(arguments)


def test_the_log_gets_its_next_key(committed_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    old = keys.signer().key.text
    rotate("log", "--overlap", "3d")
    assert keys.signer().key.text != old and len(keys.signers()) == 2
    out = capsys.readouterr().out
    assert f"new verifier key: {keys.signer().key.text}" in out and "signs along until" in out
    rotate("log", "--now")
    assert len(keys.signers()) == 1 and len(keys.verifiers()) == 3
    assert selectors.unsealed() == 2


@pytest.mark.django_db
def test_columns_are_sealed_anew(capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate("columns") == 0
    out = capsys.readouterr().out
    assert "0 values sealed anew" in out and "run `tradehall backup`" in out


@pytest.mark.django_db
def test_the_archive_has_the_new_key_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv(archive.VARIABLE, str(home / "archive"))
    monkeypatch.setenv("TRADEHALL_BACKUP_PASSPHRASE", PASSPHRASE)
    rotate("oidc")
    assert "the archive has the new keys" in capsys.readouterr().out
    sealed = sealed_keys.newest(home / "archive")
    assert sealed and b"0002.pem" in sealed_keys.unseal(sealed.read_bytes(), PASSPHRASE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("receipts",), "keys rotate log"),
        (("oidc", "--overlap", "1d"), "--overlap is for the log"),
        (("log", "--now", "--overlap", "1d"), "leave --overlap out"),
        (("log", "--overlap", "soon"), "not a span"),
    ],
    ids=["回执", "重叠只用于日志", "立即与重叠", "不是时长"],
)
def test_refused_in_words(words: tuple[str, ...], expected: str) -> None:
    with pytest.raises(HouseError, match=expected):
        rotate(*words)
