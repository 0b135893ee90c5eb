"""`tradehall admin create`: the two first administrators of an instance, each by one command; never a third."""

from argparse import Namespace

import pytest

from tradehall.accounts.services import authenticate_person
from tradehall.config.commands import admin_command
from tradehall.journal.clock import platform_now
from tradehall.kernel.refusal import Refusal
from tradehall.parties import selectors as parties

pytestmark = pytest.mark.django_db


def create(login: str) -> int:
    return admin_command.run(Namespace(login=login, name=f"管理员{login}"))


def test_the_password_is_printed_once_and_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert create("one") == 0
    said = capsys.readouterr()
    account = authenticate_person("one", said.out.strip())
    assert account is not None and "one more administrator is needed" in said.err
    assert parties.actor(account, None, platform_now()).roles == {"administrator"}


def test_two_and_then_never_again() -> None:
    assert [create("one"), create("two")] == [0, 0]
    with pytest.raises(Refusal, match="已有 2 名"):
        create("three")
    with pytest.raises(Refusal, match="登录名已被使用"):
        create("one")
    assert parties.administrators(platform_now()) == 2
    assert authenticate_person("three", "anything") is None
