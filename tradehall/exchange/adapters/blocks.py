"""Plain text of a notice → headings, paragraphs and tables, after mending what the scraper broke.

A line is joined only where it cannot have ended there: inside a number, a date, before closing punctuation.
"""

import re

from tradehall.tenders.reports import Block

_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第[一二三四五六七八九十]{1,3}[章节部分])\s*\S.{0,38}$"
)
_MENDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \t\u00a0\u3000]+"), " "),
    (re.compile(r" ?\n ?"), "\n"),
    (re.compile(r"\n(?=[，。、；：:）)】》」！？])"), ""),
    (re.compile(r"(?<=[（(【《「、，：:])\n+(?=\S)"), ""),
    (re.compile(r"\n\.\n?"), "."),
    (re.compile(r"\b(20\d?)\n(\d{1,2})(?=\n?年)"), r"\1\2"),
    (re.compile(r"(\d)\n(?=[年月日时分秒点]\b|[年月日时分秒](?![\u4e00-\u9fff]{3}))"), r"\1"),
    (re.compile(r"(?<=\d年)\n(?=\d{1,2})"), ""),
    (re.compile(r"(?<=\d月)\n(?=\d{1,2})"), ""),
    (re.compile(r"(?<=\d[日])\n(?=\d{1,2} ?[:：时点])"), ""),
    (re.compile(r"(\d)\n(?=[%％㎡]|万?元\b|平方米|公顷)"), r"\1"),
    (re.compile(r"(?<=[:：])\n(?=\d\d\b)"), ""),
    (re.compile(r"(\b0\d{2,3}-\d{4,7})\n(?=\d{1,4}$)", re.MULTILINE), r"\1"),
    (re.compile(r"\n{2,}"), "\n"),
)
_UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.MULTILINE)


def mend(text: str) -> str:
    """Text whose lines end where lines end."""
    for pattern, instead in _MENDS:
        text = pattern.sub(instead, text)
    return _UUID.sub("", text).strip()


def heading(text: str) -> Block:
    return {"type": "heading", "text": text}


def paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}


def table(rows: list[list[str]]) -> Block:
    """Every row as wide as the widest, so that a reader may rely on the columns."""
    width = max(map(len, rows))
    return {"type": "table", "rows": [row + [""] * (width - len(row)) for row in rows]}


def line_block(line: str) -> Block:
    return heading(line) if _HEADING.match(line) and not line.endswith(("。", "；")) else paragraph(line)


def blocks_of(text: str, *, title: str = "") -> tuple[Block, ...]:
    """`a | b` lines become tables; numbered short lines headings; the title itself is not repeated."""
    blocks: list[Block] = []
    rows: list[list[str]] = []
    for line in text.split("\n"):
        line = line.strip()
        if " | " in line:
            rows.append([cell.strip() for cell in line.strip("| ").split(" | ")])
            continue
        if rows:
            blocks.append(table(rows))
            rows = []
        if line and line != title and line.strip("| "):
            blocks.append(line_block(line.strip("| ")))
    if rows:
        blocks.append(table(rows))
    return tuple(blocks)


def facts_table(pairs: list[tuple[str, str]]) -> tuple[Block, ...]:
    rows = [[label, value] for label, value in pairs if value]
    return (table(rows),) if rows else ()


def labelled(text: str, *labels: str) -> str:
    """The value after `label：` on its line; empty when none of the labels is there."""
    for label in labels:
        found = re.search(rf"(?:^|[\n\s、.．\d]){label}[ \t]*[:：|][:：| \t]*([^\n|]{{1,200}})", text)
        if found:
            return found.group(1).strip(" 。；;")
    return ""
