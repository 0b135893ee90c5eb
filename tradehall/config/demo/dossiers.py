"""The register of the invented city: its organisations open, fill in and submit; the centre compares and decides.

Everything by the acts of `parties`, as people do it on the pages: what is not lawful is refused here too. What the plans
hold is in `plans`; the registry office answers while this runs.
"""

import random
from datetime import datetime

from tradehall.accounts import selectors as accounts
from tradehall.accounts import services as account_services
from tradehall.config.demo import offices, plans
from tradehall.config.demo.bodies import CENTRE, CLERK
from tradehall.config.demo.cast import Cast
from tradehall.config.demo.papers import paper
from tradehall.config.demo.plans import Item, Plan
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.times import to_beijing
from tradehall.parties import registration_rules as rules
from tradehall.parties import selectors as parties
from tradehall.parties import services
from tradehall.parties.services import Evidence, Target

SEED = 14
UNCOMPARED = "演示：权威来源未接入，已核对证照原件"
UNFIT = "演示：授权委托书没有写明授权事项和期限；请补正后重新提交"
NEW_HEAD = "闻人新任（演示）"


def register_all(cast: Cast, at: datetime) -> int:
    """Returns how many organisations are in the register, or on their way into it."""
    made = plans.make_plans(cast, random.Random(SEED), to_beijing(at).date())
    offices.remember({plan.who.uscc or "": plans.facts(plan) for plan in made})
    known = {plan.login for plan in made if not plan.login.startswith("demo-handler-")}
    for plan in made:
        if plan.login not in known:
            account_services.create_account(by=PLATFORM, at=at, login=plan.login, name=plan.person, is_demo=True)
    with offices.answering():
        for plan in made:
            _register(plan, at)
    return len(made)


def _register(plan: Plan, at: datetime) -> None:
    by, (first, *others) = _actor(plan.login, plan.who.uscc, at), plan.lines
    opened = services.open_registration(
        by=by, at=at, uscc=plan.who.uscc or "", name=plan.who.name, role=plan.role, line=first
    )  # fmt: skip
    dossier_no = opened.dossier_id
    _fill(plan, Target(dossier_no), by, at)
    if plan.fate == plans.DRAFT:
        return
    _submit(plan, opened.registration_no, by, at)
    if plan.fate == plans.DIFFERING:
        head = {"legal_person": NEW_HEAD}  # elected, and not yet entered with the registry office
        services.state_profile(by=by, at=at, target=Target(dossier_no), details=head)
    for line in others:
        more = services.open_next_registration(by=by, at=at, dossier_no=dossier_no, role=plan.role, line=line)
        _submit(plan, more.registration_no, by, at)


def _fill(plan: Plan, target: Target, by: Actor, at: datetime) -> None:
    """A draft ends where many drafts end: before the numbers."""
    wordings = rules.catalogue().wordings
    services.state_profile(by=by, at=at, target=target, details=plan.profile)
    for item in plan.items:
        if item.kind == "licence":
            _state_licence(plan, item, target, by, at)
        elif item.kind == "qualification":
            _state_qualification(plan, item, target, by, at)
        elif plan.fate != plans.DRAFT:
            services.state_practitioner(
                by=by, at=at, target=target, code=item.code, name=item.name, level=item.level,
                certificate_no=item.certificate_no, identity=item.identity, consent=wordings["identity"].version,
                until_on=item.until_on, evidence=_evidence(plan, item),
            )  # fmt: skip
    if plan.fate != plans.DRAFT and plan.bank_no:
        services.state_bank_account(
            by=by, at=at, target=target, bank_name="澄州银行（演示）", holder_name=plan.who.name, number=plan.bank_no,
            consent=wordings["bank_account"].version,
        )  # fmt: skip


def _state_licence(plan: Plan, item: Item, target: Target, by: Actor, at: datetime) -> None:
    services.state_licence(
        by=by, at=at, target=target, code=item.code, licence_no=item.certificate_no, publisher="澄州市有关部门（演示）",
        from_on=item.from_on, until_on=item.until_on, evidence=_evidence(plan, item),
    )  # fmt: skip


def _state_qualification(plan: Plan, item: Item, target: Target, by: Actor, at: datetime) -> None:
    services.state_qualification(
        by=by, at=at, target=target, code=item.code, name=item.name, level=item.level, certificate_no=item.certificate_no,
        publisher="澄州市住房和城乡建设局（演示）", from_on=item.from_on, until_on=item.until_on,
        evidence=_evidence(plan, item),
    )  # fmt: skip


def _submit(plan: Plan, registration_no: str, by: Actor, at: datetime) -> None:
    """Handed in, compared, decided; what the registry office knows otherwise goes back, or still waits."""
    services.submit_registration(by=by, at=at, registration_no=registration_no)
    clerk = _actor(CLERK, CENTRE.uscc, at)
    found = services.compare_registration(by=clerk, at=at, registration_no=registration_no)
    if plan.fate == plans.WAITING:
        return
    if plan.fate == plans.RETURNED:
        services.return_registration(by=clerk, at=at, registration_no=registration_no, reason=UNFIT)
    elif found.status == "different":
        words = "；".join(f"{one['label']}：填报为{one['old']}，权威来源为{one['new']}" for one in found.changes)
        reason = f"{words}。请先办理变更登记，或上传变更通知书后重新提交"
        services.return_registration(by=clerk, at=at, registration_no=registration_no, reason=reason)
    else:
        reason = "" if found.status == "alike" else UNCOMPARED
        services.accept_registration(by=clerk, at=at, registration_no=registration_no, reason=reason)


def _evidence(plan: Plan, item: Item) -> Evidence:
    label = rules.label(item.kind, item.code)
    return Evidence(f"{label}（演示）.pdf", paper(f"{item.code} of {plan.who.uscc}"))


def _actor(login: str, organisation: str | None, at: datetime) -> Actor:
    return parties.actor(accounts.account(login), organisation, at)
