"""The national suite's second signature: over the same checkpoint, checkable alone, and passed over by who knows it not."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tradehall.crypto import merkle, notes
from tradehall.crypto.notes import Head
from tradehall.journal import keys, national

TEXT = notes.checkpoint_text(Head(keys.origin(), 3, merkle.EMPTY_ROOT))


@pytest.fixture
def suite(settings: Any, tmp_path: Path) -> Any:
    settings.HOME, settings.NATIONAL_SUITE = tmp_path, True
    return settings


def test_two_signatures_stand_under_one_checkpoint(suite: Any) -> None:
    note = notes.parse_note(national.sign_checkpoint(TEXT))
    (text,) = national.verifier_keys()
    key = notes.parse_key(text)
    assert key.text == text and key.algorithm == notes.NATIONAL and len(note.signatures) == 2
    assert notes.signed_by(note, keys.signer().key) and notes.signed_by(note, key)


def test_without_the_suite_there_is_one(suite: Any) -> None:
    suite.NATIONAL_SUITE = False
    assert len(notes.parse_note(national.sign_checkpoint(TEXT)).signatures) == 1
    assert national.verifier_keys() == []


def test_neither_vouches_for_another_text(suite: Any) -> None:
    note = notes.parse_note(national.sign_checkpoint(TEXT))
    key = notes.parse_key(national.verifier_keys()[0])
    other = notes.Note(notes.checkpoint_text(Head(keys.origin(), 4, merkle.EMPTY_ROOT)), note.signatures)
    assert not notes.signed_by(other, key)
    swapped = notes.Note(note.text, (note.signatures[1], note.signatures[1]))
    assert not notes.signed_by(swapped, keys.signer().key) and not notes.signed_by(swapped, key)


def test_the_key_stays(suite: Any, tmp_path: Path) -> None:
    first = national.verifier_keys()
    national._read_or_make.cache_clear()
    assert national.verifier_keys() == first
    assert (tmp_path / "keys" / "log-sm2.key").stat().st_mode & 0o777 == 0o600


def altered(text: str) -> str:
    """The same key under another name of algorithm, with its hash made to fit."""
    key = notes.parse_key(text)
    return notes.Verifier(key.name, notes.NATIONAL, b"sm9" + key.public[3:]).text


def test_keys_of_other_algorithms_are_not_read(suite: Any) -> None:
    (text,) = national.verifier_keys()
    for bad in (altered(text), text[:-8], text.replace("+", "+0", 1)):
        with pytest.raises(ValueError, match="key|base64|hash"):
            notes.parse_key(bad)


def test_a_point_off_the_curve_vouches_for_nothing(suite: Any) -> None:
    note = notes.parse_note(national.sign_checkpoint(TEXT))
    fake = notes.Verifier(keys.origin(), notes.NATIONAL, notes.NATIONAL_NAME + b"\x04" + bytes(64))
    signed = notes.Note(note.text, (notes.Signature(fake.name, fake.key_id, note.signatures[1].payload),))
    assert not notes.signed_by(signed, fake)


@pytest.mark.django_db
def test_the_log_offers_both_keys(suite: Any) -> None:
    lines = Client().get("/log/key").content.decode().splitlines()
    assert [notes.parse_key(line).algorithm for line in lines] == [notes.ED25519, notes.NATIONAL]
    suite.NATIONAL_SUITE = False
    assert len(Client().get("/log/key").content.decode().splitlines()) == 1
