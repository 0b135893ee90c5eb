"""What differs between two versions of a notice: a table of terms and a word-by-word comparison of the text.

Pure; gives segments, never markup. The order of words is kept, so a moved paragraph shows as taken out and put in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from tradehall.kernel.wording import Segment, compare_words


@dataclass(frozen=True, slots=True)
class TermChange:
    label: str
    old: str
    new: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    old_version: int
    new_version: int
    terms: tuple[TermChange, ...]
    lines: tuple[tuple[Segment, ...], ...]
    is_same: bool


def compare_lines(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Segment, ...], ...]:
    """Unchanged lines pass whole; replaced blocks are compared word by word."""
    lines: list[tuple[Segment, ...]] = []
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [(Segment("same", line),) for line in old[low:high]]
        else:
            lines += _block(old[low:high], new[start:end])
    return tuple(lines)


def _block(old: Sequence[str], new: Sequence[str]) -> list[tuple[Segment, ...]]:
    paired = [compare_words(before, after) for before, after in zip(old, new, strict=False)]
    shorter = len(paired)
    paired += [(Segment("del", line),) for line in old[shorter:]]
    return paired + [(Segment("ins", line),) for line in new[shorter:]]


def compare_terms(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[TermChange, ...]:
    labels = dict.fromkeys([*old, *new])
    pairs = [(label, old.get(label, ""), new.get(label, "")) for label in labels]
    return tuple(TermChange(label, a, b, compare_words(a, b)) for label, a, b in pairs if a != b)


def body_lines(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "table":
            lines += [" | ".join(row) for row in block["rows"]]
        else:
            lines += str(block["text"]).split("\n")
    return lines
