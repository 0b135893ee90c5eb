"""Sign-ins: one row a browser session, an end that comes once, and nothing rewritten."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tradehall.accounts import rules, selectors, services
from tradehall.accounts.models import Account, FailedSignIn, SignIn
from tradehall.kernel.actor import PLATFORM

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def lin() -> Account:
    return services.create_account(by=PLATFORM, at=AT, login="lin", name="林远", password="a long enough secret")


def came_in(account: Account, key: str, *amr: str) -> SignIn:
    return services.sign_in(at=AT, account=account, session_key=key, amr=amr or ("pwd",), acr=rules.acr_of(amr))


def test_a_session_leads_to_its_sign_in_until_it_ends(lin: Account) -> None:
    made = came_in(lin, "key-one")
    assert selectors.sign_in_of("key-one") == made
    assert "key-one" not in made.session_hash
    services.end_sign_in(at=LATER, sign_in=made)
    assert selectors.sign_in_of("key-one") is None
    ended = selectors.latest_sign_in("key-one")
    assert ended is not None and ended.ended_at == LATER
    assert services.end_sign_in(at=LATER + timedelta(1), sign_in=made).ended_at == LATER


def test_out_everywhere_spares_at_most_one(lin: Account) -> None:
    for key in ("one", "two", "three"):
        came_in(lin, key)
    ended = services.end_all_sign_ins(by=PLATFORM, at=LATER, account=lin, spare="two")
    assert len(ended) == 2
    assert [one.session_hash for one in selectors.sign_ins(lin)] == [selectors.session_hash("two")]


def test_a_later_proof_moves_the_time_and_adds_the_way(lin: Account) -> None:
    came_in(lin, "one", "pwd")
    proved = services.prove_again(at=LATER, session_key="one", amr=["otp"])
    assert proved is not None
    assert (proved.proved_at, proved.amr, proved.acr) == (LATER, ["pwd", "otp", "mfa"], rules.MULTI_FACTOR)


def test_a_new_key_is_the_same_sign_in(lin: Account) -> None:
    made = came_in(lin, "old")
    services.move_sign_in(from_key="old", to_key="new")
    assert selectors.sign_in_of("old") is None
    assert selectors.sign_in_of("new") == made


def test_whom_a_session_acts_for_is_kept_in_its_sign_in(lin: Account) -> None:
    came_in(lin, "one")
    services.act_for(session_key="one", organisation="91310000000000000X")
    found = selectors.sign_in_of("one")
    assert found is not None and found.organisation == "91310000000000000X"


def test_nobody_rewrites_a_sign_in(lin: Account) -> None:
    made = came_in(lin, "one")
    attempts = (
        lambda: SignIn.objects.filter(pk=made.pk).update(signed_in_at=LATER),
        lambda: SignIn.objects.filter(pk=made.pk).delete(),
        lambda: FailedSignIn.objects.filter(pk=failed.pk).delete(),
    )
    failed = services.note_failed_sign_in(at=AT, login="lin", kind="password", address="192.0.2.1")
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_a_failed_attempt_keeps_no_secret(lin: Account) -> None:
    failed = services.note_failed_sign_in(at=AT, login="my password by mistake", kind="password", address=None)
    assert failed.account is None
    assert "mistake" not in str(vars(failed))


@pytest.mark.parametrize(
    ("ways", "acr"),
    [
        (["pwd"], rules.PASSWORD), (["pwd", "otp"], rules.MULTI_FACTOR), (["hwk"], rules.PASSWORD),
        (["hwk", "user"], rules.MULTI_FACTOR), (["pwd", "hwk"], rules.MULTI_FACTOR), (["sc"], rules.CERTIFICATE),
    ],
    ids=["口令", "口令加动态码", "只有通行密钥", "通行密钥并验证本人", "口令加通行密钥", "证书"],
)  # fmt: skip
def test_levels_follow_from_the_ways(ways: list[str], acr: str) -> None:
    assert rules.acr_of(rules.amr_of(ways)) == acr
