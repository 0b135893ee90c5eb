"""Signed notes against the examples of the C2SP documents, and digests against their standards."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tradehall.crypto import digests, notes

# golang.org/x/mod/sumdb/note, the reference of c2sp.org/signed-note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_reference_note() -> None:
    key, note = notes.parse_key(PETER), notes.parse_note(SIGNED)
    assert key.text == PETER and notes.signed_by(note, key) and notes.write_note(note) == SIGNED
    assert not notes.signed_by(notes.parse_note(SIGNED.replace("answer", "Answer")), key)


@pytest.mark.parametrize(
    "content",
    ["", "\n\n", SIGNED[:-1], SIGNED + "\n", SIGNED.replace("— ", "- "), SIGNED.replace("\n\n", "\n"),
     SIGNED.replace("JnAM=", "JnAN="), SIGNED.replace("think", "\tthink"), SIGNED.replace("PeterNeumann x", "A B x")],
)  # fmt: skip
def test_other_spellings_are_not_read(content: str) -> None:
    with pytest.raises(ValueError):
        notes.parse_note(content)


@pytest.mark.parametrize("text", ["", "a+b", PETER.replace("c74f", "c74e"), PETER + "A", "x+00000000+AA=="])
def test_a_wrong_key_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        notes.parse_key(text)


def test_a_cosignature_binds_its_time() -> None:
    log = notes.make_signer("a.example/log", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
    witness = notes.make_signer("w.example", Ed25519PrivateKey.from_private_bytes(b"2" * 32), notes.COSIGNATURE)
    text = notes.checkpoint_text(notes.Head("a.example/log", 3, b"r" * 32))
    note = notes.cosign(notes.parse_note(notes.sign_note(text, log)), witness, 1_700_000_000)
    assert notes.signed_by(note, log.key) and notes.signed_by(note, notes.parse_key(witness.key.text))
    line = note.signatures[1]
    assert notes.cosigned_at(line.payload) == 1_700_000_000
    later = notes.Signature(line.name, line.key_id, line.payload[:7] + b"\x01" + line.payload[8:])
    assert not notes.signed_by(notes.Note(note.text, (note.signatures[0], later)), witness.key)


def test_a_checkpoint_is_three_lines() -> None:
    head = notes.Head("a.example/log", 12, b"r" * 32)
    assert notes.parse_checkpoint(notes.checkpoint_text(head)) == head
    for text in ["a\n01\nAAAA\n", "a\n1\n\n", "a\n1\n" + notes.encode64(b"r" * 31) + "\n", "a\n-1\nAAAA\n", "a\n1\n"]:
        with pytest.raises(ValueError):
            notes.parse_checkpoint(text)


def test_digests_of_the_standards() -> None:
    assert digests.sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digests.sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digests.sm3_hex(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
