"""A company on its way into the register, for stories: opened by one person, filled in, submitted, examined."""

from datetime import date, datetime
from typing import Any

from tradehall.kernel.actor import Actor
from tradehall.kernel.identifiers import compute_citizen_check
from tradehall.kernel.times import BEIJING
from tradehall.parties import registration_rules as rules
from tradehall.parties import selectors, services
from tradehall.parties.models import Registration
from tradehall.parties.services import Evidence, Target
from tradehall.parties.tests.bodies import code_of

AT = datetime(2026, 9, 18, 10, 0, tzinfo=BEIJING)
USCC, OTHER = code_of("MA0000RG"), code_of("MA0000RH")
CHEN = Actor("person", "chen", "陈岚")
SUN = Actor("person", "sun", "孙旺")
CLERK = Actor("person", "clerk", "吴静", "centre", frozenset({"centre"}))
_BODY = "11010519900307123"
IDENTITY = _BODY + compute_citizen_check(_BODY)
BANK = "6222020200112233445"
AGREED = "2026-1"
NEXT_YEAR, NEXT_MONTH = date(2027, 9, 18), date(2026, 10, 18)
PROFILE = {
    "name": "云河第三建筑有限公司", "legal_person": "陈立", "district": "990101", "address": "云湖路 1 号",
    "contact": "陈岚", "phone": "021-00000000", "nature": "民营企业",
}  # fmt: skip


def paper(words: str = "证明") -> Evidence:
    return Evidence(f"{words}.pdf", b"%PDF-1.4 " + words.encode())


def opened(by: Actor = CHEN, uscc: str = USCC, role: str = "bidder", line: str = "works") -> Registration:
    return services.open_registration(by=by, at=AT, uscc=uscc, name=PROFILE["name"], role=role, line=line)


def licence(dossier_no: str, code: str, by: Actor = CHEN, **stated: Any) -> Any:
    stated = {"until_on": NEXT_YEAR, "evidence": paper(code)} | stated
    return services.state_licence(by=by, at=AT, target=Target(dossier_no), code=code, **stated)


def qualification(dossier_no: str, by: Actor = CHEN, target: Target | None = None, **stated: Any) -> Any:
    stated = {
        "code": "construction", "name": "建筑工程施工总承包", "level": "二级", "certificate_no": "D231000001",
        "publisher": "云河市住房和城乡建设局", "until_on": NEXT_YEAR, "evidence": paper("资质证书"),
    } | stated  # fmt: skip
    return services.state_qualification(by=by, at=AT, target=target or Target(dossier_no), **stated)


def practitioner(dossier_no: str, by: Actor = CHEN, target: Target | None = None, **stated: Any) -> Any:
    stated = {
        "code": "project_manager", "name": "王工", "level": "一级", "certificate_no": "J310001",
        "identity": IDENTITY, "consent": AGREED, "until_on": NEXT_YEAR, "evidence": paper("注册证书"),
    } | stated  # fmt: skip
    return services.state_practitioner(by=by, at=AT, target=target or Target(dossier_no), **stated)


def bank_account(dossier_no: str, by: Actor = CHEN, **stated: Any) -> Any:
    stated = {"bank_name": "云河银行", "holder_name": PROFILE["name"], "number": BANK, "consent": AGREED} | stated
    return services.state_bank_account(by=by, at=AT, target=Target(dossier_no), **stated)


def fill(registration: Registration, by: Actor = CHEN) -> None:
    """Everything a contractor bidding for works is asked."""
    dossier_no = registration.dossier_id
    services.state_profile(by=by, at=AT, target=Target(dossier_no), details=PROFILE)
    for code in ("business_licence", "authorisation", "safety_permit"):
        licence(dossier_no, code, by)
    qualification(dossier_no, by)
    practitioner(dossier_no, by)
    bank_account(dossier_no, by)


def submitted(by: Actor = CHEN, uscc: str = USCC) -> Registration:
    registration = opened(by, uscc)
    fill(registration, by)
    services.submit_registration(by=by, at=AT, registration_no=registration.registration_no)
    return registration


def accepted(by: Actor = CHEN, uscc: str = USCC) -> Registration:
    registration = submitted(by, uscc)
    services.accept_registration(
        by=CLERK, at=AT, registration_no=registration.registration_no, reason="已电话核对登记机关"
    )
    return registration


def names(found: tuple[rules.Missing, ...]) -> list[str]:
    return [one.label for one in found]


def state(registration: Registration) -> str:
    return selectors.registration(registration.registration_no).state
