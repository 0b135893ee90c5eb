"""Two texts compared word by word: what stayed, what was taken out, what was put in. Segments, never markup."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "del", "ins"]
# One Chinese character is a word; numbers, dates and Latin words stay whole, so that 09-29 never becomes half a date.
WORD = re.compile(r"[0-9]+(?:[.,:\-/年月日][0-9]+)*|[A-Za-z]+|\s+|.", re.DOTALL)
MAX_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Segment:
    op: Op
    text: str


def compare_words(old: str, new: str) -> tuple[Segment, ...]:
    """Segments whose `same`+`del` spell the old text and whose `same`+`ins` spell the new one.

    Beyond 20,000 words the two texts are told apart as wholes.
    """
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) + len(after) > MAX_WORDS:
        return (Segment("same", old),) if old == new else (Segment("del", old), Segment("ins", new))
    segments: list[Segment] = []
    for tag, low, high, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            segments.append(Segment("same", "".join(before[low:high])))
            continue
        segments += [Segment("del", "".join(before[low:high]))] if high > low else []
        segments += [Segment("ins", "".join(after[start:end]))] if end > start else []
    return tuple(segments)
