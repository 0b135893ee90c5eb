"""Who acts: a plain value handed to every service as `by`.

It proves nothing: authentication makes it at the edge, services authorise with it.
"""

from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["person", "system", "platform"]


@dataclass(frozen=True, slots=True)
class Scope:
    """How far one role reaches: the lines and districts it is bound to; None where it is not bound."""

    role: str
    lines: frozenset[str] | None = None
    districts: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """`organisation` is the code of the body acted for, `roles` what the actor may be in this session.

    `client` is the principal an agency acts for at this moment: it is on the screen, and nothing is done for another.
    """

    kind: ActorKind
    id: str
    name: str
    organisation: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: tuple[Scope, ...] = ()
    client: str | None = None

    def has(self, role: str) -> bool:
        return role in self.roles

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


PLATFORM = Actor("platform", "platform", "平台")
