"""The acts of `accounts` under one roof: import them from here."""

from tradehall.accounts.services.people import (
    authenticate_person,
    change_password,
    change_way_in,
    create_account,
    give_totp,
)
from tradehall.accounts.services.sign_ins import (
    act_for,
    end_all_sign_ins,
    end_sign_in,
    end_sign_ins_by_certificate,
    login_digest,
    move_sign_in,
    note_failed_sign_in,
    prove_again,
    sign_in,
)
from tradehall.accounts.services.systems import NewSystem, add_system, authenticate_system, revoke_system, token_hash

__all__ = [
    "NewSystem",
    "act_for",
    "add_system",
    "authenticate_person",
    "authenticate_system",
    "change_password",
    "change_way_in",
    "create_account",
    "end_all_sign_ins",
    "end_sign_in",
    "end_sign_ins_by_certificate",
    "give_totp",
    "login_digest",
    "move_sign_in",
    "note_failed_sign_in",
    "prove_again",
    "revoke_system",
    "sign_in",
    "token_hash",
]
