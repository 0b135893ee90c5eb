"""How an act says no: every violation at once, each with its legal basis as data.

Anything raised that is none of these three is a bug and is logged as one. Not for findings about what others reported.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule. `message` says what happened and what to do next; `basis` names the article behind it."""

    code: str
    message: str
    field: str | None = None
    basis: str | None = None
    suggestion: str | None = None


class Refusal(Exception):
    """The act was judged and refused; nothing was changed. Carries all violations, never the first only."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations: tuple[Violation, ...] = tuple(violations)
        if not self.violations:
            raise ValueError("a refusal needs at least one violation")
        super().__init__("；".join(violation.message for violation in self.violations))


class NotVisible(Exception):
    """Absent, or not yours to know about: the two are never told apart (404)."""


class Stale(Exception):
    """Somebody acted first (409): what was read before is no longer what stands."""


def refuse_if(violations: Iterable[Violation]) -> None:
    """Raise one `Refusal` with everything found, or return when nothing was found."""
    found = tuple(violations)
    if found:
        raise Refusal(found)
