"""The permission table is complete: a new address without its line stops the house. Requests: test_permission_matrix."""

import tomllib
from pathlib import Path

from tests.house.addresses import addresses
from tests.house.permissions import FILE, LISTED, rule
from tradehall.parties.roles import roles


def test_every_address_is_listed_and_every_line_is_an_address() -> None:
    known = {one.key for one in addresses()}
    missing = [f'"{one}" = "anyone"   # or "signed-in", "system", ["role", …]' for one in sorted(known - LISTED.keys())]
    assert not missing, f"who may open these? add to {FILE.name}:\n" + "\n".join(missing)
    assert LISTED.keys() <= known, f"no longer an address: {sorted(LISTED.keys() - known)}"


def test_the_table_names_known_roles_only() -> None:
    named = {who for one in addresses() if one.key in LISTED for who in rule(one).who}
    assert named <= {"anyone", "signed-in", *roles()}


def test_every_act_names_roles_that_exist() -> None:
    acts = tomllib.loads((Path(__file__).parents[2] / "tradehall/journal/acts.toml").read_text())["acts"]
    known = {"platform", "person", *roles()}
    assert {code: set(act["by"]) - known for code, act in acts.items() if set(act["by"]) - known} == {}
