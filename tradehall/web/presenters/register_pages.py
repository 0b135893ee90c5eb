"""What the pages of the register show of a dossier: rows by kind, markets with what they still ask, steps in words.

No number in clear and no decision; plain values for the templates.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tradehall.kernel.times import to_beijing
from tradehall.parties import registration_rules as rules
from tradehall.parties import selectors as parties
from tradehall.parties.registration_reads import DossierFile, RegistrationState, Stated
from tradehall.reference.lines import Line, line, lines

TONES = {"draft": "outline", "submitted": "info", "accepted": "ok", "returned": "warn"}
STEP_WORDS = {"submitted": "提交", "accepted": "通过", "returned": "退回"}
OUTCOMES = {
    "alike": ("ok", "与权威来源一致，没有差异。"), "different": ("warn", "以下各项与权威来源不同。"),
    "unknown": ("warn", "权威来源查无此代码。"), "ended": ("error", "权威来源表明该主体已注销或吊销。"),
    "silent": ("warn", "没有取得权威来源的答复："),
}  # fmt: skip
DETAILS = {
    "qualification": ("name", "level", "certificate_no", "publisher"),
    "licence": ("licence_no", "publisher"),
    "person": ("name", "level", "certificate_no"),
    "account": ("bank_name", "holder_name"),
}
SOON_DAYS = 60
TITLES = {"qualification": "资质", "licence": "证照与证明", "person": "人员", "account": "银行账户"}


def heading(found: DossierFile) -> dict[str, Any]:
    dossier = found.dossier
    name = found.profile.details.get("name", "") if found.profile else ""
    return {
        "name": name or dossier.party_no,
        "party_no": "" if dossier.is_natural else dossier.party_no,
        "is_natural": dossier.is_natural,
        "proved_at": dossier.proved_at,
        "dossier_no": dossier.dossier_no,
    }


def role_words(role: str, of: Line | None) -> str:
    return of.words.get(role, role) if of else role


def title(state: RegistrationState) -> str:
    one = line(state.registration.line)
    return f"{one.name if one else state.registration.line}·{role_words(state.registration.role, one)}"


def markets(found: DossierFile, states: list[RegistrationState], at: datetime) -> list[dict[str, Any]]:
    """Every line for the roles of this dossier: registered or not, and by name what each still asks."""
    roles = list(dict.fromkeys(state.registration.role for state in states)) or ["bidder"]
    opened = {(state.registration.role, state.registration.line): state for state in states}
    rows = []
    for role in roles:
        for one in lines():
            state = opened.get((role, one.code))
            if state is None and not is_open_to(found, role, one):
                continue
            rows.append(_market(found, role, one, state, at))
    return sorted(rows, key=lambda row: row["state"] is None)


def is_open_to(found: DossierFile, role: str, one: Line) -> bool:
    is_natural = found.dossier.is_natural
    return rules.requirement(role, one.code, is_natural=is_natural) is not None and (
        not is_natural or one.natural_persons
    )


def asked_fields(states: list[RegistrationState], *, is_natural: bool) -> tuple[str, ...]:
    """The profile fields of all roles and lines registered for, in the order of the catalogue."""
    asked: set[str] = {"name"}
    for state in states:
        one = rules.requirement(state.registration.role, state.registration.line, is_natural=is_natural)
        asked |= set(one.profile) if one else set()
    return tuple(code for code in rules.catalogue().words["profile"] if code in asked)


def profile_rows(found: DossierFile, fields: tuple[str, ...]) -> list[dict[str, str]]:
    stated = found.profile.details if found.profile else {}
    return [{"label": rules.label("profile", code), "value": stated.get(code, "")} for code in fields]


def sections(found: DossierFile, at: datetime, base: str) -> list[dict[str, Any]]:
    day = to_beijing(at).date()
    groups: tuple[tuple[str, Sequence[Stated]], ...] = (
        ("qualification", found.qualifications), ("licence", found.licences),
        ("person", found.people), ("account", found.accounts),
    )  # fmt: skip
    return [
        {
            "kind": kind,
            "title": TITLES[kind],
            "rows": [_row(kind, one, day, base) for one in rows],
            "offers": [
                {"code": word.code, "label": word.label} for word in rules.catalogue().words.get(kind, {}).values()
            ],
        }
        for kind, rows in groups
    ]


def step_rows(state: RegistrationState) -> list[dict[str, Any]]:
    return [
        {"at": step.acted_at, "word": STEP_WORDS.get(step.kind, step.kind), "reason": step.reason}
        for step in parties.steps(state.registration)
    ]


def _market(found: DossierFile, role: str, one: Line, state: RegistrationState | None, at: datetime) -> dict[str, Any]:
    lacking = parties.missing_in(found.dossier, role, one.code, at)
    return {
        "role": role,
        "role_label": role_words(role, one),
        "line": one.code,
        "line_label": one.name,
        "state": state,
        "tone": TONES[state.state] if state else "quiet",
        "missing": [_lack(item) for item in lacking],
        "may_submit": state is not None and state.state != "submitted" and not lacking,
    }


def _lack(item: rules.Missing) -> dict[str, Any]:
    where = "profile" if item.kind == "profile" else f"{item.kind}/new"
    code = item.codes[0] if len(item.codes) == 1 and item.kind not in ("profile", "account") else ""
    return {
        "label": item.label,
        "reason": item.reason,
        "basis": item.basis,
        "is_provisional": item.is_provisional,
        "where": f"{where}?code={code}" if code else where,
    }


def _row(kind: str, one: Stated, day: date, base: str) -> dict[str, Any]:
    until: date | None = getattr(one, "until_on", None)
    return {
        "item_no": one.item_no,
        "version": one.version,
        "label": f"尾号 {getattr(one, 'tail', '')}"
        if kind == "account"
        else rules.label(kind, getattr(one, "code", "")),
        "detail": "，".join(filter(None, (str(getattr(one, name)) for name in DETAILS[kind]))),
        "until_on": until,
        "expiry": rules.expiry_words(until, day) if until and (until - day).days <= SOON_DAYS else "",
        "evidence": one.evidence,
        "sealed_no": getattr(one, "sealed_id", None),
        "sealed_kind": {"person": "identity", "account": "bank-account"}.get(kind),
        "href": f"{base}/{kind}/{one.item_no}",
    }
