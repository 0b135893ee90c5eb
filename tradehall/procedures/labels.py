"""What every code of a definition is called in plain Chinese (`labels.toml`), for pages the public reads.

A code without words is refused by `soundness`, so that `say` never fails on a loaded definition. No sentences here.
"""

import tomllib
from functools import cache
from pathlib import Path

LABELS = Path(__file__).with_name("labels.toml")


@cache
def tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(LABELS.read_text("utf-8"))


def say(table: str, code: str) -> str:
    """The words of a code; KeyError when there are none."""
    return tables()[table][code]


def knows(table: str, code: str) -> bool:
    return code in tables()[table]


def listed(table: str, codes: tuple[str, ...], joint: str = "、") -> str:
    return joint.join(say(table, code) for code in codes)
