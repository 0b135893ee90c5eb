"""What a notice said, taken back from its rendition, and how the next version differs from it, in words. Pure."""

from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher

from tradehall.kernel.money import Price, format_yuan
from tradehall.kernel.times import format_minute
from tradehall.tenders.rendition import Rendition
from tradehall.tenders.reports import Attachment, Block, Change
from tradehall.tenders.rules import FACT_WORDS, Wording
from tradehall.tenders.timetable import label_of

NOTHING = "（无）"
_SHOWN = 2_000


def wording_of(value: Rendition) -> Wording:
    """The words of a published version: what a correction starts from."""
    stated = value["amount"]
    amount, label = None, None
    if isinstance(stated, dict):
        label = str(stated["label"])
        amount = Price.from_json({key: item for key, item in stated.items() if key != "label"})
    facts = value["facts"]
    return Wording(
        kind=str(value["kind"]), title=str(value["title"]), body=tuple(_dicts(value["body"])), amount=amount,
        amount_label=label, facts=dict(facts) if isinstance(facts, dict) else {},
        attachments=tuple(_attachment(one) for one in _dicts(value["attachments"])),
    )  # fmt: skip


def changes(
    old: Wording, new: Wording, old_dates: Mapping[str, datetime], new_dates: Mapping[str, datetime]
) -> tuple[Change, ...]:
    """Everything that differs, old and new side by side; times first, because they bind."""
    found = _dates(old_dates, new_dates)
    if old.title != new.title:
        found.append(Change("标题", old.title, new.title))
    if (old.amount, old.amount_label) != (new.amount, new.amount_label):
        label = new.amount_label or old.amount_label or "金额"
        found.append(Change(label, _price(old.amount), _price(new.amount)))
    found += _facts(old.facts, new.facts)
    found += _body(old.body, new.body)
    if old.attachments != new.attachments:
        found.append(Change("附件", _names(old.attachments), _names(new.attachments)))
    return tuple(found)


def _dates(old: Mapping[str, datetime], new: Mapping[str, datetime]) -> list[Change]:
    return [
        Change(label_of(moment), format_minute(old[moment]) if moment in old else NOTHING, format_minute(value))
        for moment, value in new.items()
        if old.get(moment) != value
    ]


def _facts(old: Mapping[str, object], new: Mapping[str, object]) -> list[Change]:
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    # The times among the facts repeat the dates above.
    shown = [key for key in keys if key not in ("documents_from", "documents_until")]
    return [Change(FACT_WORDS.get(key, key), _fact(key, old.get(key)), _fact(key, new.get(key))) for key in shown]


def _fact(key: str, value: object) -> str:
    if value is None:
        return NOTHING
    return f"{format_yuan(value)} 元" if key.endswith("_cents") and isinstance(value, int) else str(value)


def _body(old: tuple[Block, ...], new: tuple[Block, ...]) -> list[Change]:
    before, after = [_text(block) for block in old], [_text(block) for block in new]
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Change("正文", _joined(before[a:b]), _joined(after[c:d])) for step, a, b, c, d in steps if step != "equal"]


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines)
    return NOTHING if not text else text if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def _text(block: Block) -> str:
    rows = block.get("rows")
    if isinstance(rows, list):
        return "\n".join(" | ".join(str(cell) for cell in row) for row in rows if isinstance(row, list))
    return str(block.get("text", ""))


def _price(price: Price | None) -> str:
    if price is None:
        return NOTHING
    if price.cents is not None:
        return f"{format_yuan(price.cents)} 元"
    return " ".join(part for part in (price.rate, price.text, price.unit) if part)


def _names(attachments: tuple[Attachment, ...]) -> str:
    return "；".join(f"{one.name}（第{one.version}版）" for one in attachments) or NOTHING


def _attachment(value: dict[str, object]) -> Attachment:
    size, version = value["size"], value["version"]
    return Attachment(
        name=str(value["name"]), sha256=str(value["sha256"]), sm3=str(value["sm3"]),
        size=size if isinstance(size, int) else 0, media_type=str(value["media_type"]),
        version=version if isinstance(version, int) else 1,
    )  # fmt: skip


def _dicts(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
