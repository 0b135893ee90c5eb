"""What a basis in a definition points to: rules of the register and laws with their articles.

Says whether it resolves and whether its text was read; never what the law means.
"""

import re

from tradehall.procedures.rules import LawText, Register


def resolves(basis: str, register: Register) -> bool:
    """Whether every word is a rule of the register, or a known law with or without its article."""
    words = basis.split()
    return bool(words) and all(register.has(word) or law_of(word, register) is not None for word in words)


def is_certain(basis: str | None, register: Register) -> bool:
    """Whether every word resolves to a rule or a law whose text was read; nothing named is not certain."""
    words = (basis or "").split()
    return bool(words) and all(_is_read(word, register) for word in words)


def law_of(word: str, register: Register) -> LawText | None:
    """The law behind `条例54` or `74号令39–40`; a short name never swallows a longer one."""
    named = sorted(((n, law) for law in register.laws for n in law.names), key=lambda pair: -len(pair[0]))
    for name, law in named:
        if re.fullmatch(rf"{re.escape(name)}(?:\d+(?:[–、]\d+)*)?", word):
            return law
    return None


def _is_read(word: str, register: Register) -> bool:
    if register.has(word):
        return not register.rule(word).is_provisional
    law = law_of(word, register)
    return law is not None and law.mark == "L"
