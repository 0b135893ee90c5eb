"""Acts of registering: open a registration for a role in a line, and submit it once nothing is missing.

A code is proved by nobody's word: until the centre accepts, the dossier is the opener's alone. A code that is proved
already is not opened again by strangers.
"""

from datetime import datetime

from django.db import transaction

from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import check_uscc
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import Violation, refuse_if
from tradehall.parties import registration_reads as reads
from tradehall.parties import registration_rules as rules
from tradehall.parties import registration_vault as vault
from tradehall.parties.models import Dossier, NaturalPerson, Profile, Registration, RegistrationStep
from tradehall.parties.services.stated import number_violations
from tradehall.parties.services.statements import lock_dossier, seal_number
from tradehall.reference.lines import line as installed_line


@transaction.atomic
def open_registration(*, by: Actor, at: datetime, uscc: str, name: str, role: str, line: str) -> Registration:
    """Start registering an organisation in one role and line; the same request again is the same registration."""
    refuse_if([*_person_violations(by), *_role_violations(role, line), *_code_violations(by, uscc, at)])
    dossier = _dossier(by, at, uscc, is_natural=False)
    return _open(dossier, by, at, name, role, line)


@transaction.atomic
def open_natural_registration(
    *, by: Actor, at: datetime, identity: str, consent: str, name: str, role: str, line: str
) -> Registration:
    """A person registers himself, where the line admits natural persons; known by a keyed hash of his number."""
    refuse_if(
        [
            *_person_violations(by),
            *_role_violations(role, line, is_natural=True),
            *number_violations("identity", identity, consent, is_needed=True),
        ]
    )
    hashed = vault.number_hash("identity", identity)
    known = NaturalPerson.objects.filter(identity_hash=hashed).first()
    refuse_if(_taken_violations(by, known.person_no, at, "identity") if known else [])
    person_no = known.person_no if known else vault.new_no("NP")
    dossier = _dossier(by, at, person_no, is_natural=True)
    if known is None:
        sealed = seal_number("identity", identity, person_no, dossier, consent, by, at)
        NaturalPerson.objects.create(person_no=person_no, identity_hash=hashed, sealed=sealed, registered_at=at)
    return _open(dossier, by, at, name, role, line)


@transaction.atomic
def open_next_registration(*, by: Actor, at: datetime, dossier_no: str, role: str, line: str) -> Registration:
    """Another role or line for a dossier the actor has already; nothing on file is asked again."""
    dossier = lock_dossier(by, dossier_no, at)
    refuse_if([*_person_violations(by), *_role_violations(role, line, is_natural=dossier.is_natural)])
    return _open(dossier, by, at, "", role, line)


@transaction.atomic
def submit_registration(*, by: Actor, at: datetime, registration_no: str) -> RegistrationStep:
    """Hand it to the centre; refused while something is missing, each thing by name."""
    found = reads.registration(registration_no)
    dossier = lock_dossier(by, found.registration.dossier_id, at)
    registration = found.registration
    lacking = reads.missing_in(dossier, registration.role, registration.line, at)
    found, versions = reads.registration(registration_no), reads.on_file(dossier).versions
    refuse_if(
        [
            *(Violation("missing", f"缺少{one.label}（{one.reason}）", basis=one.basis) for one in lacking),
            *_state_violations(found, versions),
        ]
    )
    step = RegistrationStep.objects.create(
        registration=registration, kind="submitted", acted_by=by.id, acted_at=at, details={"items": versions}
    )
    facts = {"role": registration.role, "line": registration.line}
    subject = Ref("registration", registration_no)
    journal.record(code="parties.submit_registration", by=by, at=at, subject=subject, facts=facts)
    return step


def _open(dossier: Dossier, by: Actor, at: datetime, name: str, role: str, line: str) -> Registration:
    registration, is_new = Registration.objects.get_or_create(
        dossier=dossier, role=role, line=line,
        defaults={"registration_no": vault.new_no("R"), "opened_by": by.id, "opened_at": at},
    )  # fmt: skip
    if name and not Profile.objects.filter(dossier=dossier).exists():
        Profile.objects.create(
            item_no=dossier.dossier_no, version=1, dossier=dossier, details={"name": name[:200]},
            stated_by=by.id, stated_at=at,
        )  # fmt: skip
    if is_new:
        subject = Ref("registration", registration.registration_no)
        facts = {"role": role, "line": line, "is_natural": dossier.is_natural}
        journal.record(code="parties.open_registration", by=by, at=at, subject=subject, facts=facts)
    return registration


def _dossier(by: Actor, at: datetime, party_no: str, *, is_natural: bool) -> Dossier:
    """The proved one, which the actor was found to use, or his own."""
    proved = reads.proved_dossier(party_no)
    if proved is not None:
        return proved
    fresh = {"dossier_no": vault.new_no("D"), "is_natural": is_natural, "opened_at": at}
    return Dossier.objects.get_or_create(party_no=party_no, opened_by=by.id, defaults=fresh)[0]


def _person_violations(by: Actor) -> list[Violation]:
    return [] if by.kind == "person" else [Violation("not_allowed", "登记由登录的人员办理；没有保存任何内容")]


def _role_violations(role: str, line: str, *, is_natural: bool = False) -> list[Violation]:
    known = installed_line(line)
    if known is None:
        return [Violation("line", f"没有这个市场：{line[:16]}；请从列表中选择", field="line")]
    if role not in rules.ROLES:
        return [Violation("role", f"没有这种角色：{role[:32]}；请从列表中选择", field="role")]
    if not is_natural:
        return []
    if known.natural_persons and rules.requirement(role, line, is_natural=True):
        return []
    words = f"{known.name}的{known.words[role]}须为单位；自然人不能在此登记，没有保存任何内容"
    return [Violation("natural_person", words, field="line")]


def _code_violations(by: Actor, uscc: str, at: datetime) -> list[Violation]:
    try:
        check_uscc(uscc)
    except ValueError as error:
        return [Violation("uscc", str(error), field="uscc", basis="GB 32100")]
    return _taken_violations(by, uscc, at, "uscc")


def _taken_violations(by: Actor, party_no: str, at: datetime, field: str) -> list[Violation]:
    proved = reads.proved_dossier(party_no)
    if proved is None or reads.may_use(by, proved, at):
        return []
    words = "该主体已经登记；没有保存任何内容，请由其授权管理人为您授权后，以该主体身份办理"
    return [Violation("taken", words, field=field)]


def _state_violations(found: reads.RegistrationState, versions: dict[str, int]) -> list[Violation]:
    if found.state == "submitted":
        return [Violation("waiting", "已经提交，正在审核；无需再次提交")]
    last = reads.steps(found.registration)[-1:]
    if found.state == "accepted" and last and last[0].details.get("items") == versions:
        return [Violation("unchanged", "登记已通过，资料没有变动；无需再次提交")]
    return []
