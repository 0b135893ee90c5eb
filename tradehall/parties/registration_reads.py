"""Reads about dossiers and registrations, access-checked; states are read from steps. `parties.selectors` offers them.

No number in clear comes out of here: reading one is an act.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.parties.grants import organisation_grants
from tradehall.parties.models import (
    BankAccount,
    Comparison,
    Consent,
    Dossier,
    Licence,
    Practitioner,
    Profile,
    Qualification,
    Registration,
    RegistrationStep,
    Stated,
)
from tradehall.parties.registration_rules import Held, Missing, OnFile, expiry_words, label, missing, requirement

EXAMINERS = frozenset({"centre"})
PARTIES = frozenset({"principal", "agency", "bidder", "steward"})
STATES = {"draft": "草稿", "submitted": "待审核", "accepted": "已通过", "returned": "已退回"}
MODELS: dict[str, type[Stated]] = {
    "profile": Profile,
    "qualification": Qualification,
    "licence": Licence,
    "person": Practitioner,
    "account": BankAccount,
}
T = TypeVar("T", bound=Stated)


@dataclass(frozen=True, slots=True)
class DossierFile:
    """What is on file now: the newest version of everything that was not taken off."""

    dossier: Dossier
    profile: Profile | None
    qualifications: tuple[Qualification, ...]
    licences: tuple[Licence, ...]
    people: tuple[Practitioner, ...]
    accounts: tuple[BankAccount, ...]

    @property
    def versions(self) -> dict[str, int]:
        every = (*self.qualifications, *self.licences, *self.people, *self.accounts)
        held = {one.item_no: one.version for one in every}
        return held | ({self.profile.item_no: self.profile.version} if self.profile else {})


@dataclass(frozen=True, slots=True)
class RegistrationState:
    """`state` is the newest step; `accepted_at` stays when a later change is still being examined or was returned."""

    registration: Registration
    state: str
    label: str
    since: datetime
    reason: str
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something on file that ends soon or has ended; a message about it is somebody else's act."""

    party_no: str
    kind: str
    label: str
    item_no: str
    until_on: date
    words: str


def dossier_for(by: Actor, dossier_no: str, *, at: datetime) -> Dossier:
    """The dossier, if it is this actor's to use; else nothing is told about it."""
    found = Dossier.objects.filter(dossier_no=dossier_no).first()
    if found is None or not may_use(by, found, at):
        raise NotVisible(dossier_no)
    return found


def dossier_to_examine(by: Actor, dossier_no: str) -> Dossier:
    """For those who examine: any dossier that was submitted at least once."""
    found = Dossier.objects.filter(dossier_no=dossier_no).first()
    if found is None or not may_examine(by, found):
        raise NotVisible(dossier_no)
    return found


def may_examine(by: Actor, dossier: Dossier) -> bool:
    is_examiner = by.kind == "platform" or bool(by.roles & EXAMINERS)
    return is_examiner and RegistrationStep.objects.filter(registration__dossier=dossier).exists()


def demand_examiner(by: Actor) -> None:
    if by.kind != "platform" and not by.roles & EXAMINERS:
        raise NotVisible("registrations")


def may_use(by: Actor, dossier: Dossier, at: datetime) -> bool:
    """Unproved: only who opened it. Proved: who acts for the organisation; the opener until somebody is granted to."""
    if by.kind == "platform":
        return True
    is_opener = by.kind == "person" and by.id == dossier.opened_by
    if dossier.proved_at is None or dossier.is_natural:
        return is_opener
    if by.organisation == dossier.party_no and by.roles & PARTIES:
        return True
    return is_opener and not organisation_grants(dossier.party_no, at)


def dossiers(by: Actor, at: datetime) -> list[Dossier]:
    """Those this actor may use: of the organisation acted for, and his own drafts."""
    own = Dossier.objects.filter(opened_by=by.id)
    of_organisation = Dossier.objects.filter(party_no=by.organisation or "", proved_at__isnull=False)
    found = {one.dossier_no: one for one in [*of_organisation, *own.order_by("opened_at")]}
    return [one for one in found.values() if may_use(by, one, at)]


def proved_dossier(party_no: str) -> Dossier | None:
    return Dossier.objects.filter(party_no=party_no, proved_at__isnull=False).first()


def on_file(dossier: Dossier) -> DossierFile:
    profiles = _newest(Profile, dossier)
    return DossierFile(
        dossier,
        profiles[0] if profiles else None,
        tuple(_newest(Qualification, dossier)),
        tuple(_newest(Licence, dossier)),
        tuple(_newest(Practitioner, dossier)),
        tuple(_newest(BankAccount, dossier)),
    )


def item_versions(dossier: Dossier, kind: str, item_no: str) -> list[Stated]:
    """Every version of one thing, newest first, those that took it off the file included."""
    return list(_manager(MODELS[kind]).filter(dossier=dossier, item_no=item_no).order_by("-version"))


def evidence_files(dossier: Dossier) -> dict[str, str]:
    """Digest and name of every document this dossier has ever referred to: stored once, usable again."""
    found: dict[str, str] = {}
    for model in MODELS.values():
        rows = _manager(model).filter(dossier=dossier, evidence__isnull=False).order_by("-id")
        found |= dict(rows.values_list("evidence_id", "evidence__name"))
    return found


def missing_for(party_no: str, role: str, line: str, at: datetime) -> tuple[Missing, ...]:
    """What this market still has to ask of this party, by name: of an unknown one everything, of a known one the rest."""
    return missing_in(proved_dossier(party_no), role, line, at)


def missing_in(dossier: Dossier | None, role: str, line: str, at: datetime) -> tuple[Missing, ...]:
    asked = requirement(role, line, is_natural=dossier is not None and dossier.is_natural)
    if asked is None:
        raise NotVisible(f"{role}/{line}")
    held = OnFile() if dossier is None else judged(on_file(dossier))
    return missing(asked, held, to_beijing(at).date())


def judged(found: DossierFile) -> OnFile:
    """A dossier as the requirements look at it."""
    held = [
        Held("qualification", one.code, one.name, one.until_on, one.evidence_id is not None)
        for one in found.qualifications
    ]
    held += [Held("licence", one.code, "", one.until_on, one.evidence_id is not None) for one in found.licences]
    held += [Held("person", one.code, "", one.until_on, one.evidence_id is not None) for one in found.people]
    held += [Held("account", "bank_account") for _ in found.accounts]
    return OnFile(found.profile.details if found.profile else {}, tuple(held))


def registrations(dossier: Dossier) -> list[RegistrationState]:
    return [_state(one) for one in Registration.objects.filter(dossier=dossier).order_by("opened_at")]


def registration(registration_no: str) -> RegistrationState:
    found = Registration.objects.select_related("dossier").filter(registration_no=registration_no).first()
    if found is None:
        raise NotVisible(registration_no)
    return _state(found)


def waiting_registrations(by: Actor) -> list[RegistrationState]:
    """What the centre has to examine, the longest wait first."""
    demand_examiner(by)
    rows = Registration.objects.select_related("dossier").filter(
        pk__in=RegistrationStep.objects.filter(kind="submitted").values("registration_id")
    )
    found = [_state(row) for row in rows]
    return sorted((one for one in found if one.state == "submitted"), key=lambda one: one.since)


def steps(registration: Registration) -> list[RegistrationStep]:
    return list(RegistrationStep.objects.filter(registration=registration).order_by("id"))


def newest_comparison(dossier: Dossier) -> Comparison | None:
    return Comparison.objects.filter(dossier=dossier).order_by("-id").first()


def consents(dossier: Dossier) -> list[Consent]:
    return list(Consent.objects.filter(dossier=dossier).select_related("sealed").order_by("-id"))


def proved_qualifications(party_no: str, at: datetime) -> list[Qualification]:
    """For everybody to see: the version that was examined last, unless it was taken off the file. No personal data."""
    dossier = proved_dossier(party_no)
    if dossier is None:
        return []
    examined: dict[str, int] = {}
    accepted = RegistrationStep.objects.filter(registration__dossier=dossier, kind="accepted", acted_at__lte=at)
    for step in accepted.order_by("id"):
        examined |= step.details.get("items", {})
    rows = Qualification.objects.filter(dossier=dossier, stated_at__lte=at).order_by("item_no", "version")
    ended = {row.item_no for row in rows if row.ended_at}
    return [row for row in rows if row.item_no not in ended and examined.get(row.item_no) == row.version]


def expiring(at: datetime, *, within_days: int = 60, dossier: Dossier | None = None) -> list[Expiry]:
    """What ends within these days or has ended, soonest first; of one dossier or of all proved ones."""
    day = to_beijing(at).date()
    found = []
    for kind in ("qualification", "licence", "person"):
        for row in _newest(MODELS[kind], dossier):
            until_on = getattr(row, "until_on", None)
            if until_on and until_on <= day + timedelta(days=within_days):
                name = label(kind, getattr(row, "code", ""))
                words = expiry_words(until_on, day)
                found.append(Expiry(row.dossier.party_no, kind, name, row.item_no, until_on, words))
    return sorted(found, key=lambda one: (one.until_on, one.item_no))


def _newest(model: type[T], dossier: Dossier | None) -> list[T]:
    """Of one dossier, or (None) of all proved ones."""
    chosen = {"dossier__proved_at__isnull": False} if dossier is None else {"dossier": dossier}
    rows = _manager(model).filter(**chosen).select_related("dossier", "evidence")
    newest = rows.order_by("item_no", "-version").distinct("item_no")
    return sorted((row for row in newest if row.ended_at is None), key=lambda row: row.stated_at)


def _manager(model: type[T]) -> QuerySet[T]:
    return model._default_manager.all()


def _state(one: Registration) -> RegistrationState:
    taken = steps(one)
    last = taken[-1] if taken else None
    state = last.kind if last else "draft"
    accepted = next((step.acted_at for step in reversed(taken) if step.kind == "accepted"), None)
    since, reason = (last.acted_at, last.reason) if last else (one.opened_at, "")
    return RegistrationState(one, state, STATES[state], since, reason, accepted)
