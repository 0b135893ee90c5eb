"""The tables of `parties`, one module for each kind of record; import them from here."""

from tradehall.parties.models.grants import Grant, GrantEnding, GrantProposal, GrantRefusal
from tradehall.parties.models.joins import PartyJoin
from tradehall.parties.models.mandates import Mandate, MandateEnding
from tradehall.parties.models.organisations import (
    Mention,
    Organisation,
    OrganisationVersion,
    Standing,
    StandingRevocation,
)
from tradehall.parties.models.registration import (
    BankAccount,
    Comparison,
    Consent,
    Dossier,
    Licence,
    NaturalPerson,
    Practitioner,
    Profile,
    Qualification,
    Registration,
    RegistrationStep,
    SealedValue,
    Stated,
)

__all__ = [
    "BankAccount",
    "Comparison",
    "Consent",
    "Dossier",
    "Grant",
    "GrantEnding",
    "GrantProposal",
    "GrantRefusal",
    "Licence",
    "Mandate",
    "MandateEnding",
    "Mention",
    "NaturalPerson",
    "Organisation",
    "OrganisationVersion",
    "PartyJoin",
    "Practitioner",
    "Profile",
    "Qualification",
    "Registration",
    "RegistrationStep",
    "SealedValue",
    "Standing",
    "StandingRevocation",
    "Stated",
]
