"""Forms of the register: which inputs a kind of thing has, and what was typed turned into what the acts take.

Knows no rule: a date that is none and a file that is too large are all it refuses.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict

from tradehall.kernel.refusal import Refusal, Violation
from tradehall.parties import registration_rules as rules
from tradehall.parties.services import Evidence
from tradehall.reference.lines import lines

MAX_MB = 20
ROLE_KEYS = {"principal": "principal", "bidder": "bidder", "agency": "agency"}
KINDS = ("qualification", "licence", "person", "account")
TEXTS: dict[str, tuple[tuple[str, str, bool], ...]] = {
    "qualification": (
        ("name", "资质名称和专业", True),
        ("certificate_no", "证书编号", True),
        ("publisher", "发证机关", True),
    ),
    "licence": (("licence_no", "编号", False), ("publisher", "出具机关", False)),
    "person": (("name", "姓名", True), ("certificate_no", "证书编号", True)),
    "account": (("bank_name", "开户银行", True), ("holder_name", "户名", True)),
}
DAYS = {
    "qualification": (("from_on", "有效期起"), ("until_on", "有效期至")),
    "licence": (("from_on", "有效期起"), ("until_on", "有效期至")),
    "person": (("until_on", "有效期至"),),
}
SEALED = {"person": ("identity", "identity", "公民身份号码"), "account": ("number", "bank_account", "银行账号")}
Input = dict[str, Any]


def start_inputs(typed: Mapping[str, str]) -> list[Input]:
    return [
        _text("uscc", "统一社会信用代码", typed, required=True) | {"hint": "18 位，字母大写"},
        _text("name", "单位名称", typed, required=True),
        *market_inputs(typed),
    ]


def natural_inputs(typed: Mapping[str, str]) -> list[Input]:
    open_to = [(one.code, f"{one.name}（{one.words['bidder']}）") for one in lines() if one.natural_persons]
    return [
        _text("name", "姓名", typed, required=True) | {"autocomplete": "name"},
        _text("identity", "公民身份号码", typed, required=True) | {"autocomplete": "off"},
        consent_input("identity", typed, is_needed=True),
        _choice("line", "市场", open_to, typed),
    ]


def market_inputs(typed: Mapping[str, str]) -> list[Input]:
    roles = [
        ("bidder", "投标人、供应商、竞买人或受让方"),
        ("principal", "招标人、采购人、出让人或转让方"),
        ("agency", "代理机构"),
    ]
    return [
        _choice("role", "以什么身份", roles, typed),
        _choice("line", "市场", [(one.code, one.name) for one in lines()], typed),
    ]


def profile_inputs(codes: tuple[str, ...], typed: Mapping[str, str]) -> list[Input]:
    """Only the fields the roles registered for ask; required means asked, not that the page refuses a draft."""
    words = rules.catalogue().words["profile"]
    found = []
    for code in codes:
        word = words[code]
        if word.choices:
            found.append(_choice(code, word.label, [(one, one) for one in word.choices], typed, required=False))
        else:
            found.append(_text(code, word.label, typed))
        found[-1] |= {"hint": word.hint}
    return found


def item_inputs(
    kind: str, code: str, typed: Mapping[str, str], stored: Mapping[str, str], *, is_new: bool
) -> list[Input]:
    """What one thing of this kind is asked; a number already on file need not be typed again."""
    found = [_text(name, label, typed, required=required) for name, label, required in TEXTS[kind]]
    word = rules.catalogue().words.get(kind, {}).get(code)
    if word and word.levels:
        found.append(_choice("level", "等级", [(one, one) for one in word.levels], typed))
    found += [_text(name, label, typed) | {"type": "date"} for name, label in DAYS.get(kind, ())]
    if kind in SEALED:
        name, consent, label = SEALED[kind]
        sealed = _text(name, label, typed, required=is_new) | {"autocomplete": "off"}
        found.append(sealed if is_new else sealed | {"hint": "已加密保存；不变更时留空"})
        found.append(consent_input(consent, typed, is_needed=is_new))
    return [*found, *evidence_inputs(typed, stored, is_needed=is_new and kind != "account")]


def consent_input(kind: str, typed: Mapping[str, str], *, is_needed: bool) -> Input:
    wording = rules.catalogue().wordings[kind]
    agreed = [(wording.version, f"同意（文本 {wording.version}）")]
    return _choice("consent", "处理个人信息的同意", agreed, typed, required=is_needed) | {
        "hint": f"{wording.text}依据：{wording.basis}。"
    }


def evidence_inputs(typed: Mapping[str, str], stored: Mapping[str, str], *, is_needed: bool) -> list[Input]:
    found: list[Input] = []
    if stored:
        names = [(digest, f"{name}（{digest[:8]}）") for digest, name in stored.items()]
        found.append(_choice("stored", "用已存的文件", names, typed, required=False))
    hint = f"扫描件，PDF、PNG 或 JPG，不超过 {MAX_MB} MB；同一文件只存一次，各处可用"
    upload = {
        "name": "evidence",
        "label": "证明文件",
        "type": "file",
        "required": is_needed and not stored,
        "hint": hint,
    }
    return [*found, upload]


def typed_of(fields: QueryDict) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}


def typed_day(typed: Mapping[str, str], name: str) -> date | None:
    text = typed.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal([Violation("day", f"日期应写作 2026-09-18：{text[:20]}", field=name)]) from error


def typed_evidence(request: HttpRequest) -> Evidence:
    upload = request.FILES.get("evidence")
    if upload is None:
        return Evidence(sha256=request.POST.get("stored", "")[:64])
    if (upload.size or 0) > MAX_MB * 2**20:
        words = f"证明文件超过 {MAX_MB} MB；没有保存，请压缩或拆分后再传"
        raise Refusal([Violation("file_too_large", words, field="evidence")])
    return Evidence(upload.name or "", upload.read())


def beside_its_field(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """What the file store says about a file stands beside the file."""
    return tuple(
        Violation(one.code, one.message, "evidence", one.basis) if one.code.startswith("file_") else one
        for one in violations
    )


def _text(name: str, label: str, typed: Mapping[str, str], *, required: bool = False) -> Input:
    return {"name": name, "label": label, "value": typed.get(name, ""), "required": required}


def _choice(
    name: str, label: str, choices: list[tuple[str, str]], typed: Mapping[str, str], *, required: bool = True
) -> Input:
    offered = [("", "请选择"), *choices]
    return {"name": name, "label": label, "choices": offered, "value": typed.get(name, ""), "required": required}
