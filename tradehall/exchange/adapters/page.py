"""HTML of a published page → headings, paragraphs and tables. Scripts, styles and hidden parts are left out.

A nested table is written after the cell that held it. Broken markup gives less, never an exception.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tradehall.exchange.adapters.blocks import heading, line_block, table
from tradehall.tenders.reports import Block

_SILENT = frozenset({"script", "style", "title", "head", "noscript", "template", "iframe", "object"})
_BREAKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "section"})
_HEADS = frozenset({"h1", "h2", "h3", "h4"})
_VOID = frozenset({"br", "meta", "img", "hr", "input", "link", "col", "base", "wbr"})
_HIDDEN_CLASSES = frozenset({"jf", "epc"})
_MAX_DEPTH = 400


@dataclass(slots=True)
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None
    inner: list[Block] = field(default_factory=list)


class _Page(HTMLParser):
    """Collects blocks while the parser walks; `hidden` counts open elements below a silent one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.tables: list[_Table] = []
        self.words: list[str] = []
        self.hidden: list[str] = []
        self.head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden or _is_hidden(tag, attrs):
            if tag not in _VOID and len(self.hidden) < _MAX_DEPTH:
                self.hidden.append(tag)
            return
        if tag == "table" and len(self.tables) < 20:
            self._flush()
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables:
            self._close_cell()
            self.tables[-1].cell = []
        elif tag in _BREAKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden.pop() != tag:
                    pass
            return
        if tag in ("td", "th", "tr") and self.tables:
            self._close_cell()
        elif tag == "table" and self.tables:
            self._close_table()
        elif tag in _BREAKS:
            self._break("")

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        cell = self.tables[-1].cell if self.tables else None
        (self.words if cell is None else cell).append(data)

    def _break(self, tag: str) -> None:
        if self.tables and self.tables[-1].cell is not None:
            self.tables[-1].cell.append(" ")
        else:
            self._flush()
            self.head = tag in _HEADS

    def _flush(self) -> None:
        text = " ".join("".join(self.words).split())
        self.words = []
        if text:
            target = self.tables[-1].inner if self.tables else self.blocks
            target.append(heading(text) if self.head and len(text) <= 80 else line_block(text))
        self.head = False

    def _close_cell(self) -> None:
        grid = self.tables[-1]
        if grid.cell is None:
            return
        if not grid.rows:
            grid.rows.append([])
        grid.rows[-1].append(" ".join("".join(grid.cell).split()))
        grid.cell = None

    def _close_table(self) -> None:
        self._close_cell()
        grid = self.tables.pop()
        rows = [row for row in grid.rows if any(row)]
        made: list[Block] = ([table(rows)] if rows else []) + grid.inner
        (self.tables[-1].inner if self.tables else self.blocks).extend(made)

    def finish(self) -> tuple[Block, ...]:
        self.close()
        while self.tables:
            self._close_table()
        self._flush()
        return tuple(self.blocks)


def _is_hidden(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    if tag in _SILENT and tag != "head":
        return True
    values = {name: value or "" for name, value in attrs}
    style = "".join(values.get("style", "").lower().split())
    classes = set(values.get("class", "").split())
    return bool(classes & _HIDDEN_CLASSES) or "display:none" in style or "hidden" in values


def page_blocks(html: str) -> tuple[Block, ...]:
    page = _Page()
    page.feed(html)
    return page.finish()
