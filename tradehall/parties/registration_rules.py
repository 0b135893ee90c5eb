"""What the register asks of whom (`requirements.toml`), what of it is missing, and what differs from an authority. Pure.

Judges plain values: what is on file is handed in. A level or a date is compared, a document's content is not.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tradehall.kernel.identifiers import is_citizen_id
from tradehall.kernel.names import normalise_name
from tradehall.kernel.refusal import Violation

ROLES = ("bidder", "principal", "agency")
KINDS = {
    "profile": "单位资料",
    "qualification": "资质",
    "licence": "证照与证明",
    "person": "人员",
    "account": "银行账户",
}
ANY_LINE = "*"
NUMBER = {"identity": "公民身份号码", "bank_account": "银行账号"}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that can be on file."""

    code: str
    label: str
    levels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    hint: str = ""
    compared: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """What is agreed to, in the version shown; `basis` is the article that asks for the agreement."""

    version: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """Everything one role needs in one line; entries of a tuple are alternatives."""

    role: str
    line: str
    profile: tuple[str, ...]
    licences: tuple[tuple[str, ...], ...]
    qualifications: tuple[tuple[str, ...], ...]
    people: tuple[tuple[str, ...], ...]
    accounts: int
    basis: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    words: dict[str, dict[str, Word]]
    wordings: dict[str, Wording]
    requirements: dict[tuple[str, str, bool], Requirement]
    years: int
    retention: str


@dataclass(frozen=True, slots=True)
class Held:
    """One thing on file, as far as requirements look at it."""

    kind: str
    code: str
    label: str = ""
    until_on: date | None = None
    has_evidence: bool = True


@dataclass(frozen=True, slots=True)
class OnFile:
    profile: Mapping[str, str] = field(default_factory=dict)
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still asked, by name; `codes` are the alternatives that would satisfy it."""

    kind: str
    codes: tuple[str, ...]
    label: str
    reason: str
    basis: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact the authority states otherwise; only these are shown."""

    label: str
    stated: str
    found: str


@cache
def catalogue() -> Catalogue:
    table = tomllib.loads((Path(__file__).parent / "requirements.toml").read_text("utf-8"))
    words = {kind: _words(table[kind]) for kind in ("profile", "qualification", "licence", "person")}
    wordings = {name: Wording(**stated) for name, stated in table["wording"].items()}
    rows = [made for row in table["requirement"] for made in _requirements(row)]
    for row in rows:
        _check(row, words)
    found = {(row.role, row.line, natural): row for row, natural in zip(rows, _naturals(table), strict=True)}
    return Catalogue(words, wordings, found, int(table["retention"]["years"]), str(table["retention"]["basis"]))


def requirement(role: str, line: str, *, is_natural: bool = False) -> Requirement | None:
    """The entry of the line, else the one for every line; None: this role registers in no such way."""
    found = catalogue().requirements
    return found.get((role, line, is_natural)) or found.get((role, ANY_LINE, is_natural))


def label(kind: str, code: str) -> str:
    word = catalogue().words.get(kind, {}).get(code)
    return word.label if word else code


def missing(asked: Requirement, on_file: OnFile, day: date) -> tuple[Missing, ...]:
    """Only what is not on file, has expired or lacks its document; names the thing and why it does not count."""
    words = catalogue().words["profile"]
    found = [
        _lack(asked, "profile", (code,), words[code].label, "未填写")
        for code in asked.profile
        if not on_file.profile.get(code)
    ]
    for kind, entries in (
        ("licence", asked.licences),
        ("qualification", asked.qualifications),
        ("person", asked.people),
    ):
        found += [one for codes in entries if (one := _entry_lack(asked, kind, codes, on_file.held, day))]
    accounts = sum(one.kind == "account" for one in on_file.held)
    if accounts < asked.accounts:
        found.append(_lack(asked, "account", ("bank_account",), "用于收退保证金的银行账户", "未登记"))
    return tuple(found)


def expiry_words(until_on: date, day: date) -> str:
    days = (until_on - day).days
    return f"已于 {until_on} 到期" if days < 0 else f"{until_on} 到期，还剩 {days} 天"


def differences(stated: Mapping[str, str], found: Mapping[str, str]) -> tuple[Difference, ...]:
    """Fields both sides state, unlike in more than spelling; what only one side states is no difference."""
    words = catalogue().words["profile"]
    return tuple(
        Difference(word.label, stated[code], found[code])
        for code, word in words.items()
        if word.compared and stated.get(code) and found.get(code) and not _alike(stated[code], found[code])
    )


def certificate_differences(stated: Iterable[Any], found: Iterable[Mapping[str, str]]) -> tuple[Difference, ...]:
    """Qualifications the authority knows otherwise or not at all, matched by certificate number."""
    known = {normalise_name(one["certificate_no"]): one for one in found}
    differing = []
    for one in stated:
        other = known.get(normalise_name(one.certificate_no))
        ours = _certificate(one.level, one.until_on)
        theirs = "查无此证" if other is None else _certificate(other["level"], other["until_on"] or None)
        if ours != theirs:
            differing.append(Difference(f"{label('qualification', one.code)} {one.certificate_no}", ours, theirs))
    return tuple(differing)


def number_violations(kind: str, text: str, name: str) -> list[Violation]:
    """Whether an identity or account number can be one; the message never repeats it."""
    if kind == "identity":
        fine = is_citizen_id(text)
        words = "公民身份号码校验不通过；没有保存，请核对 18 位号码"
    else:
        fine = text.isascii() and text.isdigit() and 8 <= len(text) <= 30
        words = "银行账号应为 8 至 30 位数字；没有保存，请核对"
    return [] if fine else [Violation(kind, words, field=name, basis="GB 11643" if kind == "identity" else None)]


def item_violations(
    kind: str, code: str, level: str | None, from_on: date | None, until_on: date | None, day: date
) -> list[Violation]:
    """A qualification, licence or person as stated: known kind, known level, a period that runs forward and has not ended."""
    word = catalogue().words[kind].get(code)
    if word is None:
        return [Violation("code", f"没有这种{KINDS[kind]}：{code[:40]}；请从列表中选择", field="code")]
    found = []
    if word.levels and level not in word.levels:
        found.append(Violation("level", f"{word.label}的等级应为 {'、'.join(word.levels)} 之一", field="level"))
    if from_on and until_on and until_on < from_on:
        found.append(Violation("period", f"有效期至 {until_on} 早于起始 {from_on}；没有保存", field="until_on"))
    elif until_on and until_on < day:
        found.append(Violation("expired", f"该证已于 {until_on} 到期；没有保存，请上传换发后的证件", field="until_on"))
    return found


def _alike(one: str, other: str) -> bool:
    return normalise_name(one) == normalise_name(other)


def _certificate(level: str, until_on: object) -> str:
    return f"{level}，有效期至 {until_on or '长期'}"


def _entry_lack(
    asked: Requirement, kind: str, codes: tuple[str, ...], held: tuple[Held, ...], day: date
) -> Missing | None:
    of_kind = [one for one in held if one.kind == kind and one.code in codes]
    if any(one.has_evidence and (one.until_on is None or one.until_on >= day) for one in of_kind):
        return None
    names = " 或 ".join(label(kind, code) for code in codes)
    ended = max((one.until_on for one in of_kind if one.until_on and one.until_on < day), default=None)
    bare = any(not one.has_evidence for one in of_kind)
    reason = f"已于 {ended} 到期" if ended else "缺少证明文件" if bare else "未登记"
    return _lack(asked, kind, codes, names, reason)


def _lack(asked: Requirement, kind: str, codes: tuple[str, ...], name: str, reason: str) -> Missing:
    return Missing(kind, codes, name, reason, asked.basis, asked.is_provisional)


def _words(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Word]:
    return {
        code: Word(
            code, stated["label"], tuple(stated.get("levels", ())), tuple(stated.get("choices", ())),
            stated.get("hint", ""), bool(stated.get("compared")),
        )
        for code, stated in table.items()
    }  # fmt: skip


def _requirements(row: Mapping[str, Any]) -> list[Requirement]:
    """The entry for organisations, and the one for natural persons where there is one."""
    made = [_requirement(row, row)]
    return [*made, _requirement(row, row["natural"])] if "natural" in row else made


def _naturals(table: Mapping[str, Any]) -> list[bool]:
    return [
        is_natural for row in table["requirement"] for is_natural in ([False, True] if "natural" in row else [False])
    ]


def _requirement(row: Mapping[str, Any], asked: Mapping[str, Any]) -> Requirement:
    licences, qualifications, people = (
        tuple(tuple(entry) for entry in asked.get(name, ())) for name in ("licences", "qualifications", "people")
    )
    return Requirement(
        row["role"], row["line"], tuple(asked["profile"]), licences, qualifications, people,
        int(asked.get("accounts", 0)), row["basis"], bool(row.get("provisional")),
    )  # fmt: skip


def _check(row: Requirement, words: Mapping[str, Mapping[str, Word]]) -> None:
    """A code that nobody can have on file would shut everybody out: refused at load."""
    asked = {"profile": row.profile, "licence": sum(row.licences, ()), "qualification": sum(row.qualifications, ())}
    asked["person"] = sum(row.people, ())
    unknown = [f"{kind}.{code}" for kind, codes in asked.items() for code in codes if code not in words[kind]]
    if unknown or row.role not in ROLES:
        raise ValueError(f"requirements.toml: {row.role}/{row.line} asks for unknown {unknown}")
