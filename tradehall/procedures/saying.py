"""How definitions are said: blocks of a public page, the mark of what is not verified, and articles in full.

The pieces `words` and its rooms are made of; knows nothing about any part of a definition.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tradehall.procedures.bases import is_certain, law_of
from tradehall.procedures.rules import Register

Block = dict[str, object]  # as in tenders.reports: heading and paragraph carry `text`, table carries `rows`
PROVISIONAL: Final = "暂定（待核实）"
VERIFIED: Final = "已核对原文"
_ARTICLE: Final = re.compile(r"(\d+(?:[–、]\d+)*)$")


def heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    return {"type": "table", "rows": [list(head), *(list(row) for row in rows)]}


def marked(text: str, *, unsure: bool) -> str:
    return f"{text}〔{PROVISIONAL}〕" if unsure else text


def status(*, unsure: bool) -> str:
    return PROVISIONAL if unsure else VERIFIED


def is_unsure(basis: str | None, register: Register, flag: bool = False) -> bool:
    return flag or not is_certain(basis, register)


def cite(basis: str | None, register: Register) -> str:
    """Laws with their articles; a rule is followed to the articles it rests on, or to where it was seen."""
    return "、".join(dict.fromkeys(_cited(basis or "", register))) or "未写明依据"


def _cited(basis: str, register: Register) -> Iterator[str]:
    for word in basis.split():
        if not register.has(word):
            yield _article(word, register)
            continue
        rule = register.rule(word)
        yield from _cited(rule.basis, register) if rule.basis else [rule.source or "未找到条文"]


def _article(word: str, register: Register) -> str:
    law = law_of(word, register)
    if law is None:
        return word
    number = None if word in law.names else _ARTICLE.search(word)
    return f"{law.names[0]}第{number[1]}条" if number else law.names[0]
