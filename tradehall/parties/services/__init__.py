"""The acts of `parties` under one roof: import them from here."""

from tradehall.parties.services.organisations import (
    note_parties,
    register_organisation,
    report_organisation,
    report_standing,
    revoke_standing,
)

__all__ = [
    "note_parties",
    "register_organisation",
    "report_organisation",
    "report_standing",
    "revoke_standing",
]
