"""The tables of `parties`, one module for each kind of record; import them from here."""

from tradehall.parties.models.organisations import (
    Mention,
    Organisation,
    OrganisationVersion,
    Standing,
    StandingRevocation,
)

__all__ = ["Mention", "Organisation", "OrganisationVersion", "Standing", "StandingRevocation"]
