"""The acts of `parties` under one roof: import them from here."""

from tradehall.parties.services.examination import (
    accept_registration,
    compare_registration,
    return_registration,
)
from tradehall.parties.services.expiry import end_expired
from tradehall.parties.services.founding import found_administrator
from tradehall.parties.services.grants import approve_grant, end_grant, propose_grant, refuse_grant
from tradehall.parties.services.joins import (
    join_mention,
    merge_organisations,
    split_mention,
    split_organisations,
)
from tradehall.parties.services.mandates import end_mandate, give_mandate
from tradehall.parties.services.organisations import (
    note_parties,
    register_organisation,
    report_organisation,
    report_standing,
    revoke_standing,
)
from tradehall.parties.services.registration import (
    open_natural_registration,
    open_next_registration,
    open_registration,
    submit_registration,
)
from tradehall.parties.services.sealed_numbers import (
    read_bank_account,
    read_identity,
    rotate_column_key,
    withdraw_consent,
)
from tradehall.parties.services.sight import demand_sight, deny_sight
from tradehall.parties.services.stated import Evidence
from tradehall.parties.services.statements import (
    NO_EVIDENCE,
    Target,
    end_item,
    state_bank_account,
    state_licence,
    state_practitioner,
    state_profile,
    state_qualification,
)

__all__ = [
    "Evidence",
    "NO_EVIDENCE",
    "Target",
    "accept_registration",
    "approve_grant",
    "compare_registration",
    "demand_sight",
    "deny_sight",
    "end_expired",
    "end_grant",
    "end_item",
    "end_mandate",
    "found_administrator",
    "give_mandate",
    "join_mention",
    "merge_organisations",
    "note_parties",
    "open_natural_registration",
    "open_next_registration",
    "open_registration",
    "propose_grant",
    "read_bank_account",
    "read_identity",
    "refuse_grant",
    "register_organisation",
    "report_organisation",
    "report_standing",
    "return_registration",
    "revoke_standing",
    "rotate_column_key",
    "split_mention",
    "split_organisations",
    "state_bank_account",
    "state_licence",
    "state_practitioner",
    "state_profile",
    "state_qualification",
    "submit_registration",
    "withdraw_consent",
]
