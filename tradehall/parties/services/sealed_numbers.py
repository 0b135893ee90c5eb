"""Acts on sealed numbers: read one for a stated purpose, withdraw a consent, seal all anew under a new key.

The journal says who read which number and what for, never the number.
"""

from datetime import datetime

from django.db import transaction

from tradehall.crypto import columns
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.messages import services as messages
from tradehall.parties import registration_reads as reads
from tradehall.parties import registration_vault as vault
from tradehall.parties.models import BankAccount, Consent, NaturalPerson, Practitioner, SealedValue

LEAST, MOST = 4, 200


@transaction.atomic
def read_identity(*, by: Actor, at: datetime, value_no: str, purpose: str) -> str:
    """An identity number in clear, for those whose dossier it is and for examiners; each reading is recorded."""
    return _read("parties.read_identity", "identity", by, at, value_no, purpose)


@transaction.atomic
def read_bank_account(*, by: Actor, at: datetime, value_no: str, purpose: str) -> str:
    """An account number in clear, recorded like an identity number."""
    return _read("parties.read_bank_account", "bank_account", by, at, value_no, purpose)


@transaction.atomic
def withdraw_consent(*, by: Actor, at: datetime, consent_id: int) -> Consent:
    """From now on nobody reads the number; what was done with it before stays lawful."""
    consent = Consent.objects.select_for_update().filter(pk=consent_id).first()
    if consent is None:
        raise NotVisible(str(consent_id))
    reads.dossier_for(by, consent.dossier_id, at=at)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        subject = Ref("sealed_value", consent.sealed_id)
        journal.record(code="parties.withdraw_consent", by=by, at=at, subject=subject, facts={})
    return consent


def rotate_column_key(*, by: Actor, at: datetime) -> int:
    """A new key seals everything from now on, and everything there is; the old keys stay in the ring for backups."""
    if by.kind != "platform":
        raise NotVisible("columns")
    ring = columns.add_key(vault.ring_path())
    count = 0
    with transaction.atomic():
        for value in SealedValue.objects.select_for_update().order_by("pk").iterator(500):
            if columns.key_of(value.cipher) != ring.active:
                vault.reseal(value)
                count += 1
        count += messages.reseal_contacts()
        facts = {"key": ring.active, "sealed": count}
        journal.record(
            code="parties.rotate_column_key", by=by, at=at, subject=Ref("column_key", ring.active), facts=facts
        )
    return count


def _read(code: str, kind: str, by: Actor, at: datetime, value_no: str, purpose: str) -> str:
    value = SealedValue.objects.filter(value_no=value_no, kind=kind).first()
    if value is None or not _may_read(by, value, at):
        raise NotVisible(value_no)
    refuse_if([*_purpose_violations(purpose), *_consent_violations(value)])
    number = vault.open_number(value)
    facts = {"purpose": purpose.strip(), "owner": value.owner_no}
    journal.record(code=code, by=by, at=at, subject=Ref("sealed_value", value_no), facts=facts)
    return number


def _may_read(by: Actor, value: SealedValue, at: datetime) -> bool:
    """Found through the dossiers that name it; examiners only once one of them was submitted."""
    named = [
        row.dossier
        for model in (Practitioner, BankAccount)
        for row in model._default_manager.filter(sealed=value).select_related("dossier")
    ]
    named += [one.dossier for one in Consent.objects.filter(sealed=value).select_related("dossier")]
    return any(reads.may_use(by, dossier, at) or reads.may_examine(by, dossier) for dossier in named)


def _purpose_violations(purpose: str) -> list[Violation]:
    if LEAST <= len(purpose.strip()) <= MOST:
        return []
    words = f"请写明查阅目的（{LEAST} 至 {MOST} 字）；没有显示号码"
    return [Violation("purpose", words, field="purpose", basis="个人信息保护法 6")]


def _consent_violations(value: SealedValue) -> list[Violation]:
    given = Consent.objects.filter(sealed=value)
    if given.filter(withdrawn_at__isnull=True).exists():
        return []
    words = "本人已撤回同意，号码不再提供查阅；没有显示号码"
    return [Violation("consent_withdrawn", words, basis="个人信息保护法 15")]


def natural_person(person_no: str) -> NaturalPerson:
    found = NaturalPerson.objects.select_related("sealed").filter(person_no=person_no).first()
    if found is None:
        raise NotVisible(person_no)
    return found
