"""What cannot be undone asks for a fresh proof of who acts: held to `journal/acts.toml`, so that a new act cannot forget it.

Whether the pages really ask is tried by tests/test_fresh_proof.py.
"""

import re
import tomllib
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from tradehall.accounts.signing import ASKS_AGAIN
from tradehall.parties.roles import roles

ROOT = Path(__file__).resolve().parents[2] / "tradehall"
ACTS = tomllib.loads((ROOT / "journal/acts.toml").read_text())["acts"]
# Whoever acts in one of these acts for or upon others; a bidder or a person acts for himself.
OFFICES = set(roles()) - {"bidder", "expert", "system"}
VIEWS = "\n".join(path.read_text() for path in sorted(ROOT.glob("*/views/*.py")) + sorted(ROOT.glob("*/views.py")))


def views(patterns: list[URLPattern | URLResolver], names: tuple[str, ...] = ()) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in patterns:
        if isinstance(one, URLResolver):
            found |= views(one.url_patterns, (*names, one.namespace) if one.namespace else names)
        elif one.name:
            found[":".join((*names, one.name))] = one.callback
    return found


PAGES = views(get_resolver().url_patterns)


def page_of(code: str) -> str:
    """The page on which people do it, by the act's own name unless the table names another."""
    return str(ACTS[code].get("page") or f"web:{code.partition('.')[2].replace('_', '-')}")


def irreversible() -> list[str]:
    return [code for code, act in ACTS.items() if act.get("irreversible")]


def test_every_act_of_an_office_says_whether_it_can_be_undone() -> None:
    silent = [code for code, act in ACTS.items() if set(act["by"]) & OFFICES and "irreversible" not in act]
    assert not silent, f"say `irreversible = true` or `false` in acts.toml: {silent}"


def test_every_page_of_an_irreversible_act_asks_again() -> None:
    asked = {page_of(code) for code in irreversible()} & PAGES.keys()
    assert {page for page in asked if not getattr(PAGES[page], ASKS_AGAIN, False)} == set()
    assert {"web:approve-grant", "web:decide-registration", "web:read-number", "web:joins", "web:mandates"} <= asked


def test_an_irreversible_act_that_a_view_calls_has_its_page() -> None:
    """Who writes a page under another name must name it in the table, or this finds his call."""
    called = [code for code in irreversible() if re.search(rf"\.{code.partition('.')[2]}\b", VIEWS)]
    assert [code for code in called if page_of(code) not in PAGES] == []
    assert len(called) > 10


def test_a_page_named_in_the_table_exists() -> None:
    assert [code for code, act in ACTS.items() if "page" in act and act["page"] not in PAGES] == []
