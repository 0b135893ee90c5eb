"""Acts that put something on file, replace it or take it off: each a new version, nothing is ever overwritten.

A document is stored once and named again by its digest; somebody else's digest is refused. Numbers go into the vault.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from tradehall.documents import services as documents
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Stale, refuse_if
from tradehall.kernel.times import to_beijing
from tradehall.parties import registration_reads as reads
from tradehall.parties import registration_rules as rules
from tradehall.parties import registration_vault as vault
from tradehall.parties.models import (
    BankAccount,
    Consent,
    Dossier,
    Licence,
    Practitioner,
    Profile,
    Qualification,
    SealedValue,
    Stated,
)
from tradehall.parties.services.stated import (
    Evidence,
    blank_violations,
    evidence_violations,
    is_new,
    long_violations,
    number_violations,
    profile_violations,
)

T = TypeVar("T", bound=Stated)
ITEM_NO = re.compile("I[0-9A-F]{16}")


@dataclass(frozen=True, slots=True)
class Target:
    """Which thing is stated anew and which version of it was read; without a number it is a new thing.

    Version 0 with a number of the caller's is a new thing too, and made once however often it is sent.
    """

    dossier_no: str
    item_no: str | None = None
    version: int | None = None


NO_EVIDENCE = Evidence()


@transaction.atomic
def state_profile(
    *, by: Actor, at: datetime, target: Target, details: Mapping[str, str], evidence: Evidence = NO_EVIDENCE
) -> Profile:
    """Only the fields of the catalogue; what is left out stays as it was, what is blank is cleared."""
    dossier = lock_dossier(by, target.dossier_no, at)
    refuse_if(profile_violations(details))
    before = _previous(Profile, dossier, Target(target.dossier_no, dossier.dossier_no, target.version))
    merged = (before.details if before else {}) | {key: value.strip() for key, value in details.items()}
    kept = {key: value for key, value in merged.items() if value}
    if before is not None and before.details == kept and not is_new(evidence):
        return before
    made = Profile(details=kept, item_no=dossier.dossier_no)
    return _state(made, before, dossier, by, at, evidence, "parties.state_profile", {"fields": sorted(kept)})


@transaction.atomic
def state_qualification(
    *,
    by: Actor,
    at: datetime,
    target: Target,
    code: str,
    name: str,
    level: str,
    certificate_no: str,
    publisher: str,
    from_on: date | None = None,
    until_on: date | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Qualification:
    """A certificate of a level, until a day; `until_on` None is for good."""
    dossier = lock_dossier(by, target.dossier_no, at)
    before = _previous(Qualification, dossier, target)
    named = {"name": name, "certificate_no": certificate_no, "publisher": publisher}
    refuse_if(
        [
            *rules.item_violations("qualification", code, level, from_on, until_on, to_beijing(at).date()),
            *blank_violations(named),
            *evidence_violations(before, evidence),
        ]
    )
    made = Qualification(code=code, level=level, from_on=from_on, until_on=until_on, **named)
    made.item_no = _item_no(target, before)
    return _state(made, before, dossier, by, at, evidence, "parties.state_qualification", {"kind": code})


@transaction.atomic
def state_licence(
    *,
    by: Actor,
    at: datetime,
    target: Target,
    code: str,
    licence_no: str = "",
    publisher: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Licence:
    dossier = lock_dossier(by, target.dossier_no, at)
    before = _previous(Licence, dossier, target)
    refuse_if(
        [
            *rules.item_violations("licence", code, None, from_on, until_on, to_beijing(at).date()),
            *long_violations({"licence_no": licence_no, "publisher": publisher}),
            *evidence_violations(before, evidence),
        ]
    )
    made = Licence(code=code, licence_no=licence_no, publisher=publisher, from_on=from_on, until_on=until_on)
    made.item_no = _item_no(target, before)
    return _state(made, before, dossier, by, at, evidence, "parties.state_licence", {"kind": code})


@transaction.atomic
def state_practitioner(
    *,
    by: Actor,
    at: datetime,
    target: Target,
    code: str,
    name: str,
    level: str,
    certificate_no: str,
    identity: str = "",
    consent: str = "",
    until_on: date | None = None,
    evidence: Evidence = NO_EVIDENCE,
) -> Practitioner:
    """A person in a post. The identity number may be left out when it is already on file; a new one needs consent."""
    dossier = lock_dossier(by, target.dossier_no, at)
    before = _previous(Practitioner, dossier, target)
    named = {"name": name, "certificate_no": certificate_no}
    refuse_if(
        [
            *rules.item_violations("person", code, level, None, until_on, to_beijing(at).date()),
            *blank_violations(named),
            *number_violations("identity", identity, consent, is_needed=before is None),
            *evidence_violations(before, evidence),
        ]
    )
    item_no = _item_no(target, before)
    sealed = seal_number("identity", identity, item_no, dossier, consent, by, at) if identity else _kept(before)
    hashed = vault.number_hash("identity", identity) if identity else before.identity_hash if before else ""
    made = Practitioner(
        code=code, level=level, until_on=until_on, identity_hash=hashed, sealed=sealed, item_no=item_no, **named
    )
    return _state(made, before, dossier, by, at, evidence, "parties.state_practitioner", {"kind": code})


@transaction.atomic
def state_bank_account(
    *,
    by: Actor,
    at: datetime,
    target: Target,
    bank_name: str,
    holder_name: str,
    number: str,
    consent: str = "",
    evidence: Evidence = NO_EVIDENCE,
) -> BankAccount:
    """Its number is sealed; four digits stay in clear so that its owner knows it again."""
    dossier = lock_dossier(by, target.dossier_no, at)
    before = _previous(BankAccount, dossier, target)
    plain = number.replace(" ", "")
    named = {"bank_name": bank_name, "holder_name": holder_name}
    refuse_if([*blank_violations(named), *number_violations("bank_account", plain, consent, is_needed=before is None)])
    item_no = _item_no(target, before)
    sealed = seal_number("bank_account", plain, item_no, dossier, consent, by, at) if plain else _kept(before)
    tail = plain[-4:] if plain else before.tail if before else ""
    made = BankAccount(tail=tail, sealed=sealed, item_no=item_no, **named)
    return _state(made, before, dossier, by, at, evidence, "parties.state_bank_account", {})


@transaction.atomic
def end_item(*, by: Actor, at: datetime, target: Target, kind: str) -> Stated:
    """Take a thing off the file; its versions stay."""
    dossier = lock_dossier(by, target.dossier_no, at)
    model = reads.MODELS.get(kind)
    if model is None or kind == "profile" or target.item_no is None:
        raise NotVisible(kind)
    last = _previous(model, dossier, target)
    if last is None:
        raise NotVisible(str(target.item_no))
    last.pk, last.version, last.ended_at = None, last.version + 1, at
    last.stated_by, last.stated_at = by.id, at
    last._state.adding = True
    last.save(force_insert=True)
    subject = Ref(kind, last.item_no, last.version)
    journal.record(code="parties.end_item", by=by, at=at, subject=subject, facts={"dossier": dossier.dossier_no})
    return last


def lock_dossier(by: Actor, dossier_no: str, at: datetime) -> Dossier:
    """The dossier, for its users only, held until the act ends."""
    reads.dossier_for(by, dossier_no, at=at)
    return Dossier.objects.select_for_update().get(dossier_no=dossier_no)


def seal_number(
    kind: str, number: str, owner_no: str, dossier: Dossier, consent: str, by: Actor, at: datetime
) -> SealedValue:
    sealed = vault.seal_number(kind, number, owner_no, at)
    wording = rules.catalogue().wordings[kind]
    Consent.objects.create(
        dossier=dossier, sealed=sealed, purpose=wording.text, wording=consent, given_by=by.id, given_at=at
    )
    return sealed


def _state(
    made: T,
    before: Stated | None,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    evidence: Evidence,
    code: str,
    facts: Mapping[str, Any],
) -> T:
    made.version = before.version + 1 if before else 1
    made.dossier, made.stated_by, made.stated_at = dossier, by.id, at
    made.evidence_id = _evidence(evidence, before, dossier, by, at)
    made.save(force_insert=True)
    kind = next(name for name, model in reads.MODELS.items() if model is type(made))
    said = {"dossier": dossier.dossier_no, "evidence": made.evidence_id, **facts}
    journal.record(code=code, by=by, at=at, subject=Ref(kind, made.item_no, made.version), facts=said)
    return made


def _previous(model: type[T], dossier: Dossier, target: Target) -> T | None:
    """The newest version of what is replaced; `Stale` when somebody stated another one in between."""
    if target.item_no is None:
        return None
    if target.version == 0 and model is not Profile:
        _demand_new(model, target.item_no)
        return None
    rows = model._default_manager.filter(dossier=dossier, item_no=target.item_no)
    last = rows.order_by("-version").first()
    if last is None and model is Profile:
        return None
    if last is None or last.ended_at is not None:
        raise NotVisible(target.item_no)
    if target.version is not None and last.version != target.version:
        raise Stale(target.item_no)
    return last


def _demand_new(model: type[Stated], item_no: str) -> None:
    """A form sent twice makes one thing."""
    if not ITEM_NO.fullmatch(item_no):
        raise NotVisible(item_no)
    if model._default_manager.filter(item_no=item_no).exists():
        raise Stale(item_no)


def _item_no(target: Target, before: Stated | None) -> str:
    return before.item_no if before else target.item_no or vault.new_no("I")


def _evidence(evidence: Evidence, before: Stated | None, dossier: Dossier, by: Actor, at: datetime) -> str | None:
    if evidence.content:
        return str(documents.store(content=evidence.content, name=evidence.name, by=by, at=at).sha256)
    if not evidence.sha256:
        return before.evidence_id if before else None
    if evidence.sha256 not in reads.evidence_files(dossier):
        raise NotVisible(evidence.sha256)
    return evidence.sha256


def _kept(before: Practitioner | BankAccount | None) -> SealedValue:
    if before is None:
        raise RuntimeError("a new item without a number passed its rules")
    return before.sealed
