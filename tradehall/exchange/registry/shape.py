"""What a data set is: its fields with clean and wire names, and what the platform makes of a record of it.

Plain values. Reading the files is `load`, judging a record is `compile`.
"""

from dataclasses import dataclass, field
from typing import Literal

Obligation = Literal["M", "C", "O"]
Meaning = Literal["notice", "organisation", "standing", "revocation", "event", "record"]
# Why a record that is kept and not published does not go on to the national platform at once. `competition` and
# `evaluation` end when the result of the lot is published (招标投标法 22, 44); the others never end by themselves.
AT_ONCE = "at_once"
HELD = ("competition", "evaluation", "dispute", "person")
UNTIL_RESULT = frozenset({"competition", "evaluation"})


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is ours, `wire` the norm's to the letter. `type` is a word of the list at the head of `fields.toml`."""

    wire: str
    name: str
    label: str
    type: str
    obligation: Obligation
    is_provisional: bool = False

    @property
    def base(self) -> str:
        return self.type.partition(" ")[0]

    @property
    def argument(self) -> str:
        return self.type.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class DataSet:
    """`published`: the clean names that may date a notice, the first stated one counts. `kinds`: wire → value → kind.

    `onward`: for a set that is kept only, `at_once` or one of `HELD`; whatever is published goes on as it is.
    """

    name: str
    label: str
    line: str
    meaning: Meaning
    fields: tuple[Field, ...]
    mark: str
    kind: str = ""
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)
    published: tuple[str, ...] = ("published_at", "published_on")
    standing: str = ""
    amount: str = ""
    data_no: str = ""
    aliases: tuple[str, ...] = ()
    onward: str = AT_ONCE

    @property
    def is_provisional(self) -> bool:
        """Not taken from a text of the norm: our own set, or fields recalled and not read."""
        return self.mark == "own" or "fmv" in self.mark
