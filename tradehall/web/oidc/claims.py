"""The claims of a token family: how its person signed in (id_token), and who he is and for whom he acts (userinfo)."""

from typing import Any

from tradehall.accounts.oidc.families import TokenFamily

SUPPORTED = [
    "sub", "name", "acr", "amr", "auth_time", "org_code", "org_name", "roles", "sid",
]  # fmt: skip


def of_sign_in(family: TokenFamily) -> dict[str, Any]:
    return {
        "sid": family.sid,
        "acr": family.acr,
        "amr": family.amr,
        "auth_time": int(family.authenticated_at.timestamp()),
    }


def of_person(family: TokenFamily) -> dict[str, Any]:
    """A claim without a value is left out, as the standard wants: a person may act for himself."""
    stated = {"org_code": family.organisation_code, "org_name": family.organisation_name}
    known = {name: value for name, value in stated.items() if value}
    return {"name": family.account.name, **known, "roles": family.roles}
