"""The index of law as a document, from the register and the definitions. Generated, so that it cannot say something else.

With DJANGO_SETTINGS_MODULE set: `python -m tradehall.procedures.index > docs/law/index.md`; a test of the house holds
the file to it.
"""

import sys
from collections.abc import Iterator, Sequence

import django

from tradehall.procedures.loading import Loaded, definition_files, load_files, load_register
from tradehall.procedures.rules import Register

HEAD = """# Index of law

Generated from the rule register and the procedure definitions; do not edit. Titles and limits are in the language of the law.
A rule marked *to verify* was not read in the statute itself: it warns and never refuses.
"""


def law_index(register: Register, definitions: Sequence[Loaded]) -> str:
    return "\n".join(
        [HEAD, "## Definitions", "", *_definitions(definitions), "", "## Rules", "", *_rules(register), ""]
    )


def _definitions(definitions: Sequence[Loaded]) -> Iterator[str]:
    yield "| id | version | valid from | title | rules of its periods |"
    yield "|---|---|---|---|---|"
    for item in sorted(definitions, key=lambda one: one.definition.id):
        d = item.definition
        rules = " ".join(dict.fromkeys(period.rule for period in d.law.periods))
        yield f"| `{d.id}` | {d.version} | {d.valid_from} | {d.title} | {rules} |"


def _rules(register: Register) -> Iterator[str]:
    yield "| rule | what | limit | basis | |"
    yield "|---|---|---|---|---|"
    for rule in register.rules:
        state = "to verify" if rule.is_provisional else ""
        yield f"| {rule.id} | {rule.title} | {rule.limit} | {rule.basis or rule.source or ''} | {state} |"


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(law_index(load_register(), load_files(definition_files())))
