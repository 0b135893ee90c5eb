"""Reads about organisations, mentions and standings; what expired or was revoked leaves by the clock, not by a job."""

from dataclasses import dataclass
from datetime import datetime

from tradehall.kernel.refusal import NotVisible
from tradehall.kernel.times import to_beijing
from tradehall.parties import rules
from tradehall.parties.grants import (
    actor,
    administrators,
    ending,
    grant,
    grants,
    lot_roles,
    organisation_grants,
    proposals,
    scope_of,
)
from tradehall.parties.mandates import held_mandates, mandate, mandate_violations, mandates, ran_out_since
from tradehall.parties.models import Mention, Organisation, OrganisationVersion, Standing, StandingRevocation
from tradehall.parties.registration_joins import join_history, joined, joined_from, joined_into
from tradehall.parties.registration_reads import (
    consents,
    demand_examiner,
    dossier_for,
    dossier_to_examine,
    dossiers,
    evidence_files,
    expiring,
    item_versions,
    missing_for,
    missing_in,
    newest_comparison,
    on_file,
    proved_dossier,
    proved_qualifications,
    registration,
    registrations,
    steps,
    waiting_registrations,
)

__all__ = [
    "StandingAt",
    "actor",
    "administrators",
    "consents",
    "demand_examiner",
    "dossier_for",
    "dossier_to_examine",
    "dossiers",
    "ending",
    "evidence_files",
    "expiring",
    "grant",
    "grants",
    "held_mandates",
    "item_versions",
    "join_history",
    "joined",
    "joined_from",
    "joined_into",
    "lot_roles",
    "mandate",
    "mandate_violations",
    "mandates",
    "mention",
    "missing_for",
    "missing_in",
    "newest_comparison",
    "on_file",
    "organisation",
    "organisation_grants",
    "organisation_versions",
    "proposals",
    "proved_dossier",
    "proved_qualifications",
    "ran_out_since",
    "registration",
    "registrations",
    "scope_of",
    "standing",
    "standings",
    "steps",
    "waiting_registrations",
]


@dataclass(frozen=True, slots=True)
class StandingAt:
    """A standing and what it is worth at the time asked: `current`, `expired` or `revoked`."""

    standing: Standing
    state: str
    revocation: StandingRevocation | None


def organisation(uscc: str) -> Organisation:
    found = Organisation.objects.filter(uscc=uscc).first()
    if found is None:
        raise NotVisible(uscc)
    return found


def organisation_versions(uscc: str) -> list[OrganisationVersion]:
    return list(OrganisationVersion.objects.filter(organisation_id=uscc).order_by("version"))


def mention(mention_no: str) -> Mention:
    found = Mention.objects.filter(mention_no=mention_no).first()
    if found is None:
        raise NotVisible(mention_no)
    return found


def standing(standing_no: str, *, at: datetime) -> StandingAt:
    found = Standing.objects.filter(standing_no=standing_no).first()
    if found is None:
        raise NotVisible(standing_no)
    return _at([found], at)[0]


def standings(
    *,
    at: datetime,
    uscc: str | None = None,
    kind: str | None = None,
    line: str | None = None,
    only_current: bool = True,
) -> list[StandingAt]:
    """Newest publication first; by default only what still counts at `at`."""
    wanted = {"uscc": uscc, "kind": kind, "line": line}
    filters = {key: value for key, value in wanted.items() if value is not None}
    rows = Standing.objects.filter(published_on__lte=to_beijing(at).date(), **filters)
    found = _at(list(rows.order_by("-published_on", "standing_no")), at)
    return [one for one in found if one.state == "current"] if only_current else found


def _at(rows: list[Standing], at: datetime) -> list[StandingAt]:
    revoked = StandingRevocation.objects.filter(standing__in=rows).in_bulk()
    return [_one(row, revoked.get(row.standing_no), at) for row in rows]


def _one(row: Standing, revocation: StandingRevocation | None, at: datetime) -> StandingAt:
    revoked_at = revocation.revoked_at if revocation else None
    state = rules.standing_state(row.until_on, revoked_at, at, to_beijing(at).date())
    return StandingAt(row, state, revocation if state == "revoked" else None)
