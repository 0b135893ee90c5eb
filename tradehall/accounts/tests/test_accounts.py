"""Accounts, grants and trading systems."""

from datetime import UTC, datetime

import pytest

from tradehall.accounts import selectors, services
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


def test_a_token_is_shown_once_and_ends_with_its_system() -> None:
    made = services.add_system(by=PLATFORM, at=AT, code="works-one", name="工程交易系统", line="works")
    assert made.token not in made.system.token_hash
    assert services.authenticate_system(made.token) == made.system
    assert services.authenticate_system(made.token + "x") is None
    services.revoke_system(by=PLATFORM, at=AT, code="works-one")
    assert services.authenticate_system(made.token) is None


def test_nobody_grants_alone_or_to_himself() -> None:
    one, two, three = (services.create_account(by=PLATFORM, at=AT, login=f"a{n}", name=f"甲{n}") for n in range(3))
    words = {"by": PLATFORM, "at": AT, "account": one, "organisation_name": "云河市水务局", "role": "principal"}
    for pair in ((two, two), (one, two), (two, one)):
        with pytest.raises(Refusal, match="另外两人"):
            services.grant_role(**words, granted_by=pair[0], approved_by=pair[1])
    services.grant_role(**words, granted_by=two, approved_by=three)
    assert selectors.actor(one, "云河市水务局", AT).roles == {"principal"}
    assert selectors.actor(one, "别的单位", AT).roles == frozenset()
