"""What of a record only its reader by right may see: identity, bank and telephone numbers are sealed in their column.

Secrets of webhooks are sealed the same way. Decides nothing about who may read.
"""

from collections.abc import Mapping

from django.conf import settings

from tradehall.crypto import columns
from tradehall.crypto.columns import Place
from tradehall.exchange.registry.load import data_sets
from tradehall.kernel.identifiers import is_citizen_id
from tradehall.kernel.masking import mask_personal

SEALED = "$sealed"
# Clean names of numbers of people, whatever the data set.
NUMBERS = frozenset(
    {
        "id_no", "manager_id", "operator_id", "operator_contact", "deposit_account", "account_no",
        "representative_phone", "complainant_phone",
    }
)  # fmt: skip
# Data sets about people: reading them is an act of its own, and their telephone numbers are nobody's contact.
ABOUT_PEOPLE = frozenset(
    {
        "INDIVIDUAL_BASE", "QUALI_PERSON_BASE", "EXPERT_BID_EVALUATION", "EXPERT_EVALUATION", "EXPERT_CREDIT_RECORD",
        "BID_EVALUATION_EXPERT",
    }
)  # fmt: skip
SHOWN_START, SHOWN_END = 3, 4
Values = Mapping[str, object]


def ring() -> columns.KeyRing:
    return columns.key_ring(f"{settings.HOME}/keys/columns.ring")


def seal(text: str, *, column: str, row: str) -> str:
    return columns.seal(ring(), text, Place("exchange", column, row))


def unseal(sealed: str, *, column: str, row: str) -> str:
    return columns.open_sealed(ring(), sealed, Place("exchange", column, row))


def sealed_values(data_set: str, values: Values, row: str) -> dict[str, object]:
    """The clean values as they are kept: numbers of people are no longer readable in them."""
    return {
        name: {SEALED: seal(value, column=name, row=row)} if _is_number(data_set, name, value) else value
        for name, value in values.items()
        if isinstance(value, str)
    } | {name: value for name, value in values.items() if not isinstance(value, str)}


def opened_values(values: Values, row: str) -> dict[str, object]:
    """The clean values as they were sent. For the platform's own further handling, never for an answer."""
    return {name: _opened(value, name, row) for name, value in values.items()}


def masked_values(values: Values, row: str) -> dict[str, object]:
    """The clean values as answers show them: `110***********1234`."""
    shown: dict[str, object] = {}
    for name, value in values.items():
        text = _opened(value, name, row)
        is_sealed = isinstance(value, dict) and SEALED in value
        shown[name] = masked(str(text)) if is_sealed else mask_personal(text) if isinstance(text, str) else text
    return shown


def masked(number: str) -> str:
    if len(number) <= SHOWN_START + SHOWN_END:
        return "*" * len(number)
    hidden = len(number) - SHOWN_START - SHOWN_END
    return f"{number[:SHOWN_START]}{'*' * hidden}{number[-SHOWN_END:]}"


def row_of(system: str, data_key: str) -> str:
    """What a sealed value of a record is bound to."""
    return f"{system}\0{data_key}"


def masked_fields(data_set: str, fields: Values) -> dict[str, object]:
    """Fields under their wire names as a refusal shows them, each cut short."""
    found = data_sets().get(data_set)
    names = {one.wire: one.name for one in found.fields} if found else {}
    return {
        wire[:100]: masked(str(value)[:60]) if _is_number(data_set, names.get(wire, ""), str(value)) else _short(value)
        for wire, value in list(fields.items())[:200]
    }


def _short(value: object) -> str:
    return mask_personal(str(value)[:200])


def _is_number(data_set: str, name: str, value: str) -> bool:
    about_people = data_set in ABOUT_PEOPLE and name in ("contact", "phone")
    return bool(value) and (name in NUMBERS or about_people or (len(value) == 18 and is_citizen_id(value)))


def _opened(value: object, name: str, row: str) -> object:
    if isinstance(value, dict) and isinstance(value.get(SEALED), str):
        return unseal(value[SEALED], column=name, row=row)
    return value
