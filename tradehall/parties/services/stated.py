"""What a statement to the register must be: filled in, not too long, with its document, its number and its consent.

Judges words only; what is on file is handed in. The acts are in `statements`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tradehall.kernel.refusal import Violation
from tradehall.parties import registration_rules as rules
from tradehall.parties.models import Stated
from tradehall.reference.places import is_region_code

LENGTH = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """A new document (name and content), or one this dossier already has (its digest)."""

    name: str = ""
    content: bytes = b""
    sha256: str = ""


def number_violations(kind: str, number: str, consent: str, *, is_needed: bool) -> list[Violation]:
    """A number must be one, and whoever it concerns must have agreed to the wording shown."""
    field = "identity" if kind == "identity" else "number"
    if not number and not is_needed:
        return []
    wording, found = rules.catalogue().wordings[kind], rules.number_violations(kind, number, field)
    if consent != wording.version:
        words = f"没有同意处理{rules.NUMBER[kind]}；没有保存，请取得本人同意后再登记"
        found.append(Violation("consent", words, field="consent", basis=wording.basis))
    return found


def is_new(evidence: Evidence) -> bool:
    return bool(evidence.content or evidence.sha256)


def evidence_violations(before: Stated | None, evidence: Evidence) -> list[Violation]:
    if is_new(evidence) or (before is not None and before.evidence_id):
        return []
    return [Violation("evidence", "缺少证明文件；没有保存，请上传扫描件或选择已存的文件", field="evidence")]


def blank_violations(named: Mapping[str, str]) -> list[Violation]:
    blank = [
        Violation("blank", "这一项不能空着；其余内容没有丢失，请补填", field=key)
        for key, value in named.items()
        if not value.strip()
    ]
    return [*blank, *long_violations(named)]


def long_violations(named: Mapping[str, str]) -> list[Violation]:
    limit = {"certificate_no": 64, "licence_no": 64, "name": 64}
    return [
        Violation("long", f"这一项最多 {limit.get(key, LENGTH)} 个字；请缩短", field=key)
        for key, value in named.items()
        if len(value) > limit.get(key, LENGTH)
    ]


def profile_violations(details: Mapping[str, str]) -> list[Violation]:
    words = rules.catalogue().words["profile"]
    found = [Violation("field", f"没有这一项：{key[:40]}", field=key) for key in details if key not in words]
    for key, value in details.items():
        choices = words[key].choices if key in words else ()
        if value and choices and value not in choices:
            found.append(Violation("choice", f"{words[key].label}应为 {'、'.join(choices)} 之一", field=key))
        if len(value) > LENGTH:
            found.append(Violation("long", f"这一项最多 {LENGTH} 个字；请缩短", field=key))
    district = details.get("district", "")
    if district and not is_region_code(district):
        found.append(Violation("district", f"没有这个行政区划代码：{district[:10]}", field="district"))
    return found
