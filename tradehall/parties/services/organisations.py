"""Acts about parties: register or report an organisation, note who was named, record and revoke a standing.

Never makes an organisation out of a name.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import check_uscc
from tradehall.kernel.names import mention_no
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.parties import rules
from tradehall.parties.models import Organisation, OrganisationVersion, Standing, StandingRevocation

NAME_LENGTH = 200


def register_organisation(
    *, by: Actor, at: datetime, uscc: str, name: str, roles: Sequence[str] = (), district: str | None = None
) -> Organisation:
    """The organisation itself, or the platform, states its registration; a changed name is a new version."""
    refuse_if(_registrar_violations(by, uscc))
    return _state_organisation(by, at, uscc, name, roles, district, is_reported=False)


def report_organisation(
    *, by: Actor, at: datetime, uscc: str, name: str, roles: Sequence[str] = (), district: str | None = None
) -> Organisation:
    """What a connected system says about an organisation; it never overrides the words of a registered one."""
    return _state_organisation(by, at, uscc, name, roles, district, is_reported=True)


def report_standing(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    party_name: str,
    uscc: str | None,
    title: str,
    publisher: str,
    published_on: date,
    source_system: str,
    source_id: str,
    basis: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    line: str | None = None,
    details: Mapping[str, object] | None = None,
) -> Standing:
    """An authority's word about a party, kept as received; the same source record twice is one standing."""
    refuse_if(rules.standing_violations(kind, uscc, from_on, until_on))
    standing_no = rules.standing_no(source_system, source_id)
    with transaction.atomic():
        standing, is_new = Standing.objects.get_or_create(
            standing_no=standing_no,
            defaults={
                "kind": kind, "party_name": party_name, "uscc": uscc, "title": title, "publisher": publisher,
                "published_on": published_on, "source_system": source_system, "source_id": source_id, "basis": basis,
                "from_on": from_on, "until_on": until_on, "line": line, "details": dict(details or {}),
                "recorded_at": at,
            },
        )  # fmt: skip
        if is_new:
            note_parties([(party_name, uscc)], at=at)
            facts = {"kind": kind, "uscc": uscc, "published_on": published_on.isoformat()}
            journal.record(
                code="parties.report_standing", by=by, at=at, subject=Ref("standing", standing_no), facts=facts
            )
    return standing


def revoke_standing(*, by: Actor, at: datetime, standing_no: str, publisher: str, reason: str) -> StandingRevocation:
    """The publisher takes a standing back; it leaves the lists at this moment and stays in the record."""
    with transaction.atomic():
        standing = Standing.objects.select_for_update().filter(standing_no=standing_no).first()
        if standing is None:
            raise NotVisible(standing_no)
        revocation, is_new = StandingRevocation.objects.get_or_create(
            standing=standing, defaults={"revoked_at": at, "publisher": publisher, "reason": reason}
        )
        if is_new:
            subject = Ref("standing", standing_no)
            journal.record(code="parties.revoke_standing", by=by, at=at, subject=subject, facts={"reason": reason})
    return revocation


def note_parties(named: Iterable[tuple[str, str | None]], *, at: datetime) -> None:
    """Remember who was named: a name with a code is an organisation as reported, a name alone a mention.

    The first spelling stays, within a batch as between batches.
    """
    pairs = list(named)[::-1]
    coded = {code: name[:NAME_LENGTH] for name, code in pairs if code}
    mentions = {mention_no(name): name[:NAME_LENGTH] for name, code in pairs if not code}
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into parties_mention (mention_no, name, first_at)
            select *, %s from unnest(%s::text[], %s::text[]) as n(no, name) order by no on conflict do nothing""",
            (at, sorted(mentions), [mentions[no] for no in sorted(mentions)]),
        )
        cursor.execute(NOTE_ORGANISATIONS, (at, sorted(coded), [coded[code] for code in sorted(coded)]))


NOTE_ORGANISATIONS = """
with made as (
  insert into parties_organisation (uscc, name, registered_at, roles, is_reported, version)
  select code, name, %s, '[]', true, 1 from unnest(%s::text[], %s::text[]) as n(code, name) order by code
  on conflict do nothing returning uscc, name, registered_at)
insert into parties_organisation_version (organisation_id, version, name, roles, stated_at)
  select uscc, 1, name, '[]', registered_at from made
"""


def _registrar_violations(by: Actor, uscc: str) -> list[Violation]:
    if by.kind == "platform" or by.organisation == uscc:
        return []
    return [Violation("not_allowed", "只有本单位或平台可以登记主体信息；没有保存任何内容", field="uscc")]


def _state_organisation(
    by: Actor, at: datetime, uscc: str, name: str, roles: Sequence[str], district: str | None, *, is_reported: bool
) -> Organisation:
    _refuse_bad_code(uscc)
    stated = {"name": name, "district": district, "roles": sorted(set(roles))}
    with transaction.atomic():
        fresh = {**stated, "is_reported": is_reported, "registered_at": at}
        one, is_new = Organisation.objects.select_for_update().get_or_create(uscc=uscc, defaults=fresh)
        overrides = not is_reported or one.is_reported
        is_changed = {key: getattr(one, key) for key in stated} != stated or one.is_reported != is_reported
        if not is_new and not (overrides and is_changed):
            return one
        if not is_new:
            one.version += 1
            one.is_reported = is_reported
            one.name, one.district, one.roles = name, district, stated["roles"]
            one.save()
        OrganisationVersion.objects.create(organisation=one, version=one.version, stated_at=at, **stated)
        code = "parties.report_organisation" if is_reported else "parties.register_organisation"
        facts = {"name": name, "version": one.version}
        journal.record(code=code, by=by, at=at, subject=Ref("organisation", uscc, one.version), facts=facts)
    return one


def _refuse_bad_code(uscc: str) -> None:
    try:
        check_uscc(uscc)
    except ValueError as error:
        refuse_if([Violation("uscc", str(error), field="uscc", basis="GB 32100")])
