"""The table of `permissions.toml` as rules, for the fast check of the house and for the matrix of requests."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.addresses import Address
from tradehall.parties.roles import roles

FILE = Path(__file__).with_name("permissions.toml")
TABLE: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text())
LISTED = TABLE["pages"] | TABLE["operations"]
SYSTEM = "system"
PEOPLE = tuple(role for role in roles() if role != SYSTEM)


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    who: tuple[str, ...]
    methods: tuple[str, ...]
    query: str = ""
    hidden: bool = False
    leaves: bool = False

    def admits(self, persona: str) -> bool:
        return "anyone" in self.who or persona in self.who or ("signed-in" in self.who and persona in PEOPLE)


def rule(address: Address) -> Rule:
    stated = LISTED[address.key]
    more = stated if isinstance(stated, dict) else {"who": stated}
    who = more["who"]
    methods = address.methods or tuple(more.get("methods", ("GET",)))
    named = (who,) if isinstance(who, str) else tuple(who)
    return Rule(named, methods, more.get("query", ""), bool(more.get("hidden")), bool(more.get("leaves")))
