"""Identity and account numbers: sealed into their column, recognised by keyed hash, opened only by acts that say why.

The ring of keys lies in TRADEHALL_HOME/keys/columns. Decides nobody's right to read: the acts in
`services.sealed_numbers` do.
"""

import secrets
from datetime import datetime

from django.conf import settings

from tradehall.crypto import columns
from tradehall.crypto.columns import KeyRing, Place
from tradehall.kernel.times import to_beijing
from tradehall.parties.models import SealedValue
from tradehall.parties.registration_rules import catalogue


def new_no(prefix: str) -> str:
    """Random, so that numbers count nothing and cannot be guessed."""
    return prefix + secrets.token_hex(8).upper()


def ring_path() -> str:
    return settings.COLUMN_KEYS or f"{settings.HOME}/keys/columns"


def ring() -> KeyRing:
    return columns.key_ring(ring_path())


def number_hash(kind: str, number: str) -> str:
    return columns.keyed_hash(ring(), kind, number)


def seal_number(kind: str, number: str, owner_no: str, at: datetime) -> SealedValue:
    value_no, rules = new_no("V"), catalogue()
    stated_on = to_beijing(at).date()
    until = stated_on.replace(year=stated_on.year + rules.years, day=min(stated_on.day, 28))
    cipher = columns.seal(ring(), number, place(value_no, owner_no))
    return SealedValue.objects.create(
        value_no=value_no, kind=kind, owner_no=owner_no, cipher=cipher, kept_until=until, basis=rules.retention,
        created_at=at,
    )  # fmt: skip


def open_number(value: SealedValue) -> str:
    return columns.open_sealed(ring(), value.cipher, place(value.value_no, value.owner_no))


def reseal(value: SealedValue) -> None:
    """The same number under the key that seals now."""
    value.cipher = columns.seal(ring(), open_number(value), place(value.value_no, value.owner_no))
    value.save(update_fields=["cipher"])


def place(value_no: str, owner_no: str) -> Place:
    return Place("parties_sealed_value", "cipher", f"{value_no}/{owner_no}")
