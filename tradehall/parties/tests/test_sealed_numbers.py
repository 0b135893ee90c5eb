"""Identity and account numbers: sealed at rest, each reading an act without the value, consent asked and withdrawable.

Acts: state_practitioner, state_bank_account, state_qualification, read_identity, read_bank_account, withdraw_consent,
rotate_column_key.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.identifiers import compute_citizen_check
from tradehall.kernel.refusal import NotVisible, Refusal
from tradehall.parties import selectors, services
from tradehall.parties.models import BankAccount, Consent, NaturalPerson, Practitioner, Qualification, SealedValue
from tradehall.parties.services import Target
from tradehall.parties.tests import dossiers
from tradehall.parties.tests.dossiers import AGREED, AT, BANK, CHEN, CLERK, IDENTITY, SUN, USCC, opened

pytestmark = pytest.mark.django_db
WHY = "核对人员证件"


def everything_stored() -> str:
    """Every row of every table of parties and of the journal, as text."""
    texts = []
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall() if name.startswith(("parties_", "journal_"))]
        for table in tables:
            cursor.execute(f"select t::text from {table} t")
            texts += [text for (text,) in cursor.fetchall()]
    return "\n".join(texts)


def test_no_number_stands_in_clear_anywhere() -> None:
    registration = dossiers.submitted()
    services.open_natural_registration(
        by=CHEN, at=AT, identity=IDENTITY, consent=AGREED, name="林远", role="bidder", line="land"
    )
    services.read_identity(by=CHEN, at=AT, value_no=Practitioner.objects.get().sealed_id, purpose=WHY)
    stored = everything_stored()
    assert registration.registration_no in stored and WHY in stored
    assert IDENTITY not in stored and BANK not in stored
    assert BANK[-4:] == BankAccount.objects.get().tail


def test_a_reading_is_recorded_without_the_value() -> None:
    dossiers.submitted()
    one = Practitioner.objects.get()
    assert services.read_identity(by=CHEN, at=AT, value_no=one.sealed_id, purpose=WHY) == IDENTITY
    assert services.read_identity(by=CLERK, at=AT, value_no=one.sealed_id, purpose=WHY) == IDENTITY
    with connection.cursor() as cursor:
        cursor.execute("select body from journal_entry where code = 'parties.read_identity'")
        bodies = [body for (body,) in cursor.fetchall()]
    assert len(bodies) == 2 and all(WHY in body and IDENTITY not in body for body in bodies)


def test_who_may_not_read_learns_nothing() -> None:
    one = dossiers.practitioner(opened().dossier_id)
    with pytest.raises(NotVisible):
        services.read_identity(by=CLERK, at=AT, value_no=one.sealed_id, purpose=WHY)  # nothing was submitted yet
    supervisor = replace(SUN, roles=frozenset({"supervisor"}))
    for by in (SUN, supervisor, replace(SUN, organisation=USCC, roles=frozenset({"bidder"}))):
        with pytest.raises(NotVisible):
            services.read_identity(by=by, at=AT, value_no=one.sealed_id, purpose=WHY)


@pytest.mark.parametrize("purpose", ["", "   ", "看", "x" * 201])
def test_a_reading_needs_a_purpose(purpose: str) -> None:
    one = dossiers.bank_account(opened().dossier_id)
    with pytest.raises(Refusal, match="查阅目的"):
        services.read_bank_account(by=CHEN, at=AT, value_no=one.sealed_id, purpose=purpose)
    assert "read_bank_account" not in everything_stored()


def test_an_identity_is_not_read_as_an_account() -> None:
    one = dossiers.practitioner(opened().dossier_id)
    with pytest.raises(NotVisible):
        services.read_bank_account(by=CHEN, at=AT, value_no=one.sealed_id, purpose=WHY)


def test_without_consent_no_number_is_kept() -> None:
    registration = opened()
    for consent in ("", "2020-1"):
        with pytest.raises(Refusal, match="没有同意"):
            dossiers.practitioner(registration.dossier_id, consent=consent)
    assert not SealedValue.objects.exists()


def test_consent_and_retention_are_recorded_and_withdrawal_ends_reading() -> None:
    dossiers.submitted()
    one = Practitioner.objects.get()
    consent = Consent.objects.get(sealed=one.sealed)
    assert (consent.wording, consent.given_by, consent.withdrawn_at) == (AGREED, "chen", None)
    assert "单独同意" in consent.purpose
    assert (one.sealed.kept_until.isoformat(), one.sealed.basis) == ("2041-09-18", "政府采购法 42；个人信息保护法 19")
    with pytest.raises(NotVisible):
        services.withdraw_consent(by=SUN, at=AT, consent_id=consent.pk)
    services.withdraw_consent(by=CHEN, at=AT, consent_id=consent.pk)
    with pytest.raises(Refusal, match="撤回同意"):
        services.read_identity(by=CLERK, at=AT, value_no=one.sealed_id, purpose=WHY)


def test_a_wrong_number_is_refused_without_repeating_it() -> None:
    wrong = IDENTITY[:-1] + ("0" if IDENTITY[-1] != "0" else "1")
    with pytest.raises(Refusal) as caught:
        dossiers.practitioner(opened().dossier_id, identity=wrong)
    assert [one.field for one in caught.value.violations] == ["identity"]
    assert wrong not in str(caught.value)


def test_a_new_certificate_keeps_the_number_and_its_history() -> None:
    registration = opened()
    first = dossiers.practitioner(registration.dossier_id)
    target = Target(registration.dossier_id, first.item_no, first.version)
    second = dossiers.practitioner("", target=target, identity="", consent="", certificate_no="J310002")
    assert (second.version, second.sealed_id, second.identity_hash) == (2, first.sealed_id, first.identity_hash)
    assert SealedValue.objects.count() == 1


def test_one_person_is_recognised_under_two_roofs_and_registers_once_as_himself() -> None:
    first, second = dossiers.practitioner(opened(CHEN).dossier_id), dossiers.practitioner(opened(SUN).dossier_id, SUN)
    assert first.identity_hash == second.identity_hash and first.sealed.cipher != second.sealed.cipher
    body = "11010519910307123"
    other = body + compute_citizen_check(body)
    third = dossiers.practitioner(opened(CHEN).dossier_id, identity=other)
    assert third.identity_hash != first.identity_hash
    asked = {"consent": AGREED, "name": "林远", "role": "bidder", "line": "land"}
    for by in (CHEN, SUN):
        services.open_natural_registration(by=by, at=AT, identity=IDENTITY, **asked)
    assert NaturalPerson.objects.count() == 1


def test_a_cipher_moved_to_another_row_does_not_open() -> None:
    registration = opened()
    one, two = (
        dossiers.bank_account(registration.dossier_id),
        dossiers.bank_account(registration.dossier_id, number="62220000"),
    )
    SealedValue.objects.filter(pk=two.sealed_id).update(cipher=one.sealed.cipher)
    with pytest.raises(ValueError, match="another place"):
        services.read_bank_account(by=CHEN, at=AT, value_no=two.sealed_id, purpose=WHY)


def test_a_new_key_seals_everything_anew_and_history_stays() -> None:
    one = dossiers.practitioner(opened().dossier_id)
    before = SealedValue.objects.get().cipher
    assert services.rotate_column_key(by=PLATFORM, at=AT) == 1
    after = SealedValue.objects.get().cipher
    assert before.split(".")[1] != after.split(".")[1]
    assert services.read_identity(by=CHEN, at=AT, value_no=one.sealed_id, purpose=WHY) == IDENTITY
    assert services.rotate_column_key(by=PLATFORM, at=AT) == 1
    with pytest.raises(NotVisible):
        services.rotate_column_key(by=CLERK, at=AT)


def test_the_key_lies_outside_the_database() -> None:
    dossiers.practitioner(opened().dossier_id)
    ring = (Path(settings.HOME) / "keys" / "columns").read_text()
    keys = [line.split()[-1] for line in ring.splitlines()]
    stored = everything_stored()
    assert len(keys) >= 2 and not any(key in stored for key in keys)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"level": "九级"}, "level"), ({"name": " "}, "name"), ({"certificate_no": ""}, "certificate_no")],
)
def test_what_is_wrong_with_a_qualification_is_named(change: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as caught:
        dossiers.qualification(opened().dossier_id, **change)
    assert [one.field for one in caught.value.violations] == [field]


def test_what_was_stated_is_never_overwritten() -> None:
    one = dossiers.qualification(opened().dossier_id)
    for change in (lambda: Qualification.objects.update(level="特级"), lambda: one.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert selectors.on_file(one.dossier).qualifications[0].level == "二级"
