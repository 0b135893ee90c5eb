"""The check-character arithmetic behind `identifiers`: GB 32100, GB 11714, GB 11643 and ISO/IEC 7064 MOD 37-2.

Arithmetic only; what a code must look like is said in `identifiers`.
"""

_ALPHABET_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ALPHABET_37 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_VALUE_31 = {character: value for value, character in enumerate(_ALPHABET_31)}
_VALUE_37 = {character: value for value, character in enumerate(_ALPHABET_37)}
_WEIGHTS_31 = tuple(pow(3, place, 31) for place in range(17))
_WEIGHTS_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_WEIGHTS_CITIZEN = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mod31_check(first_17: str) -> str:
    total = sum(_VALUE_31[char] * weight for char, weight in zip(first_17, _WEIGHTS_31, strict=True))
    return _ALPHABET_31[-total % 31]


def organisation_check(first_8: str) -> str:
    total = sum(_VALUE_37[char] * weight for char, weight in zip(first_8, _WEIGHTS_ORGANISATION, strict=True))
    return "0123456789X"[-total % 11]


def mod11_2_check(first_17: str) -> str:
    total = sum(int(char) * weight for char, weight in zip(first_17, _WEIGHTS_CITIZEN, strict=True))
    return "10X98765432"[total % 11]


def mod37_2_check(text: str) -> str:
    product = 0
    for char in text:
        product = (product + _VALUE_37[char]) * 2 % 37
    return _ALPHABET_37[(1 - product) % 37]
