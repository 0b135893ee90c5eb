"""Mail addresses: sealed into their column, recognised by keyed hash, opened only to send or to show to their owner.

The ring of keys is that of the identity numbers, outside the database. No act of its own opens an address: it is
given to be written to, and that is the only use.
"""

import secrets

from django.conf import settings

from tradehall.crypto import columns
from tradehall.crypto.columns import KeyRing, Place
from tradehall.messages.models import Contact


def new_no(prefix: str) -> str:
    """Random, so that numbers count nothing and cannot be guessed."""
    return prefix + secrets.token_hex(8).upper()


def ring() -> KeyRing:
    return columns.key_ring(settings.COLUMN_KEYS or f"{settings.HOME}/keys/columns")


def address_hash(address: str) -> str:
    """Letters of either case are one address to every mail server that matters."""
    return columns.keyed_hash(ring(), "mail", address.lower())


def origin_hash(origin: str) -> str:
    return columns.keyed_hash(ring(), "origin", origin)


def seal(contact_no: str, address: str) -> str:
    return columns.seal(ring(), address, place(contact_no))


def address_of(contact: Contact) -> str:
    return columns.open_sealed(ring(), contact.cipher, place(contact.contact_no))


def shown(contact: Contact) -> str:
    """For screens: the first letter and the domain."""
    local, _, domain = address_of(contact).rpartition("@")
    return f"{local[:1]}***@{domain}"


def reseal_all() -> int:
    """Every address under the key that seals now; for the rotation of column keys, inside its transaction."""
    active, count = ring().active, 0
    for contact in Contact.objects.select_for_update().filter(ended_at__isnull=True).order_by("pk").iterator(500):
        if columns.key_of(contact.cipher) != active:
            contact.cipher = seal(contact.contact_no, address_of(contact))
            contact.save(update_fields=["cipher"])
            count += 1
    return count


def place(contact_no: str) -> Place:
    return Place("messages_contact", "cipher", contact_no)
