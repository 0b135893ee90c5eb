"""Accounts and trading systems."""

from datetime import UTC, datetime

import pytest

from tradehall.accounts import services
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


def test_a_code_that_marks_records_from_elsewhere_is_nobodys() -> None:
    with pytest.raises(Refusal, match="国家平台"):
        services.add_system(by=PLATFORM, at=AT, code="national", name="某系统", line="works")


def test_a_token_is_shown_once_and_ends_with_its_system() -> None:
    made = services.add_system(by=PLATFORM, at=AT, code="works-one", name="工程交易系统", line="works")
    assert made.token not in made.system.token_hash
    assert services.authenticate_system(made.token) == made.system
    assert services.authenticate_system(made.token + "x") is None
    services.revoke_system(by=PLATFORM, at=AT, code="works-one")
    assert services.authenticate_system(made.token) is None
