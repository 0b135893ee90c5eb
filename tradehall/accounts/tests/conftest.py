"""Accounts for tests. Passwords are hashed by the fastest way there is: no test here measures hashing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tradehall.accounts import services
from tradehall.accounts.models import Account
from tradehall.kernel.actor import PLATFORM

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def quick_hashing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def lin(db: None) -> Account:
    return services.create_account(by=PLATFORM, at=AT, login="lin", name="林远", password=PASSWORD)
