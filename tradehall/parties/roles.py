"""The roles as data (`roles.toml`): what each is called, how far it reaches, who may propose and approve it. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUPS = ("service", "management", "supervision", "party", "custody", "machine")
GROUP_LABELS = {
    "service": "服务", "management": "管理", "supervision": "监督",
    "party": "交易主体", "custody": "密钥保管", "machine": "系统",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """`lines` and `districts`: a grant names those it reaches. `outside`: proposer and approver act for two bodies."""

    code: str
    label: str
    group: str
    propose: frozenset[str]
    approve: frozenset[str]
    lines: bool = False
    districts: bool = False
    organisation: bool = False
    outside: bool = False


@cache
def roles() -> dict[str, Role]:
    """In the order of the file."""
    table = tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8"))
    return {code: _role(code, stated) for code, stated in table.items()}


def label(code: str) -> str:
    found = roles().get(code)
    return found.label if found else code


def _role(code: str, stated: dict[str, object]) -> Role:
    def is_set(key: str) -> bool:
        return bool(stated.get(key))

    return Role(
        code, str(stated["label"]), str(stated["group"]), _codes(stated["propose"]), _codes(stated["approve"]),
        is_set("lines"), is_set("districts"), is_set("organisation"), is_set("outside"),
    )  # fmt: skip


def _codes(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError(f"a list of roles is needed, not {value!r}")
    return frozenset(map(str, value))
