"""What a system demands of a sign-in (`prompt`, `max_age`, `acr_values`) and what is still missing. Pure.

The answer never depends on what the browser claims: a proof asked for counts only if it is later than the asking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tradehall.accounts.oidc.families import SignInFacts
from tradehall.accounts.rules import CERTIFICATE, LEVELS, is_enough

Need = Literal["", "sign_in", "prove", "certificate", "unmet"]
PROMPTS = frozenset({"none", "login", "consent", "select_account"})


class Malformed(ValueError):
    """The request says something that cannot be meant; the text goes back to the system, in ASCII."""


@dataclass(frozen=True, slots=True)
class Demand:
    prompts: frozenset[str] = frozenset()
    max_age_s: int | None = None
    levels: tuple[str, ...] = ()
    asked_s: float | None = None  # when this request last sent its person to prove himself

    @property
    def is_silent(self) -> bool:
        return "none" in self.prompts


def parse(stated: Mapping[str, str], asked_s: float | None) -> Demand:
    prompts = frozenset(stated.get("prompt", "").split())
    if not prompts <= PROMPTS or ("none" in prompts and len(prompts) > 1):
        raise Malformed("prompt is none alone, or some of login, consent, select_account")
    age = stated.get("max_age", "")
    if age and not (age.isascii() and age.isdigit() and len(age) <= 9):
        raise Malformed("max_age is a whole number of seconds")
    if any(stated.get(name) for name in ("request", "request_uri")):
        raise Malformed("request objects are not supported")
    if stated.get("response_mode", "query") != "query":
        raise Malformed("the only response_mode is query")
    levels = tuple(level for level in stated.get("acr_values", "").split() if level in LEVELS)
    return Demand(prompts, int(age) if age else None, levels, asked_s)


def missing(demand: Demand, facts: SignInFacts | None, now_s: float) -> Need:
    """What the person has to do before he can be sent back: "" nothing, "unmet" he has tried and cannot."""
    if facts is None:
        return "sign_in"
    is_proved = _is_proved_since(demand.asked_s, facts)
    if demand.levels and not any(is_enough(facts.acr, level) for level in demand.levels):
        return "unmet" if is_proved else "certificate" if demand.levels[0] == CERTIFICATE else "prove"
    if is_proved:
        return ""
    too_old = demand.max_age_s is not None and now_s - facts.at.timestamp() > demand.max_age_s
    return "prove" if too_old or "login" in demand.prompts else ""


def _is_proved_since(asked_s: float | None, facts: SignInFacts) -> bool:
    return asked_s is not None and facts.at.timestamp() >= asked_s
