"""Proof and receipt files: accepted as written, refused after any change."""

import json
import string
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tradehall.crypto import merkle, notes, proof_file, receipts, sm2
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.crypto.verify import verify_content, verify_file
from tradehall.kernel.canonical import canonical_json

LOG = notes.make_signer("hall.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = notes.make_signer("hall.example/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
WITNESS = notes.make_signer("notary.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32), notes.COSIGNATURE)
NOTICE = {"notice_no": "N20260918000001", "version": 2, "title": "示范路道路工程", "lots": [], "amount": None}


def entry(subject: str = "notice:N20260918000001@2") -> bytes:
    rendition = canonical_json(NOTICE)
    facts = {"digest_sha256": sha256_hex(rendition), "digest_sm3": sm3_hex(rendition)}
    return canonical_json({"act": "tenders.publish_notice", "by": "0" * 64, "facts": facts, "subject": subject})


def proof(
    leaf: bytes | None = None, signer: notes.Signer = LOG, cosigned: bool = False, national: bytes = b""
) -> bytes:
    leaf = leaf or entry()
    hashes = [merkle.leaf_hash(bytes([n])) for n in range(4)] + [merkle.leaf_hash(leaf)]
    head = notes.Head("hall.example/log", 5, merkle.root(hashes))
    note = notes.sign_note(notes.checkpoint_text(head), signer)
    if cosigned:
        note = notes.write_note(notes.cosign(notes.parse_note(note), WITNESS, 1_790_000_000))
    if national:
        note = notes.sign_nationally(note, "hall.example/log", national)
    path = [merkle.root(hashes[:4])]
    return proof_file.build(index=4, leaf=leaf, hashes=path, checkpoint=note, notice=NOTICE)


def test_a_proof_is_verified_and_says_what_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    path.write_bytes(proof())
    verdict = verify_file(path, LOG.key.text)
    assert verdict.ok and any("signature" in line for line in verdict.checked)
    assert any("witness" in line for line in verdict.not_checked)
    unpinned = verify_file(path)
    assert unpinned.ok and any("not pinned" in line for line in unpinned.not_checked)


def test_the_key_of_this_machine_is_used_but_named() -> None:
    assert not verify_content(proof(signer=OTHER), local_key=LOG.key.text).ok
    verdict = verify_content(proof(), local_key=LOG.key.text)
    assert verdict.ok and any("this machine" in line for line in verdict.not_checked)


def test_a_witness_can_be_pinned_too() -> None:
    pinned = f"{LOG.key.text}\n{WITNESS.key.text}\n"
    verdict = verify_content(proof(cosigned=True), pinned)
    assert verdict.ok and not any("witness" in line for line in verdict.not_checked)
    assert not verify_content(proof(), pinned).ok


def test_the_second_signature_by_sm2_can_be_pinned_alone_or_beside_the_first() -> None:
    private = sm2.generate_private_key()
    key = notes.national_verifier("hall.example/log", private).text
    for pinned in (key, f"{LOG.key.text}\n{key}\n"):
        assert verify_content(proof(national=private), pinned).ok
        assert not verify_content(proof(national=sm2.generate_private_key()), pinned).ok
        assert not verify_content(proof(), pinned).ok
    assert verify_content(proof(national=private), LOG.key.text).ok


def test_every_changed_byte_is_refused() -> None:
    good = proof()
    for spot, byte in enumerate(good):
        for changed in {byte ^ 1, byte ^ 0x20, ord("A"), ord("0")} - {byte}:
            bad = good[:spot] + bytes([changed]) + good[spot + 1 :]
            assert not verify_content(bad, LOG.key.text).ok, (spot, chr(byte), chr(changed))


def test_every_inserted_or_lost_byte_is_refused() -> None:
    good = proof()
    for spot in range(len(good) + 1):
        for extra in b" \n=,0":
            assert not verify_content(good[:spot] + bytes([extra]) + good[spot:], LOG.key.text).ok
        if spot < len(good):
            assert not verify_content(good[:spot] + good[spot + 1 :], LOG.key.text).ok


def test_the_same_content_written_otherwise_is_refused() -> None:
    value = json.loads(proof())
    others = [
        json.dumps(value).encode(),
        json.dumps(value, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(dict(reversed(sorted(value.items()))), ensure_ascii=False, separators=(",", ":")).encode(),
        canonical_json(value | {"more": 1}),
        canonical_json({name: one for name, one in value.items() if name != "digest_sm3"}),
        canonical_json(value | {"index": True}),
        canonical_json(value | {"hashes": "x"}),
    ]
    for other in others:
        assert not verify_content(other, LOG.key.text).ok


def test_padding_bits_are_refused() -> None:
    """The last character of a padded base64 has bits that decoders ignore."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    text = notes.encode64(b"\x00")
    assert text == "AA==" and notes.decode64(text) == b"\x00"
    for letter in alphabet[1:16]:
        with pytest.raises(ValueError, match="canonical"):
            notes.decode64(f"A{letter}==")


@pytest.mark.parametrize("subject", ["notice:N20260918000001@1", "notice:N20260918000001", "lot:N20260918000001@2"])
def test_a_leaf_about_something_else_is_refused(subject: str) -> None:
    assert "another notice" in verify_content(proof(entry(subject)), LOG.key.text).reason


def test_a_leaf_that_is_no_entry_is_refused() -> None:
    assert not verify_content(proof(b"[1]"), LOG.key.text).ok
    assert not verify_content(proof(b"\xff"), LOG.key.text).ok


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"[" * 100_000, b"\xff\xfe", b'{"a":1.5}'])
def test_rubbish_is_refused_in_words(content: bytes) -> None:
    verdict = verify_content(content)
    assert not verdict.ok and verdict.reason


def receipt() -> bytes:
    fields = receipts.sign_receipt(
        receipt_no="S0123456789ABCDEF", lot_no="GC-2026-09-0001-001", received_at="2026-09-18T09:00:00+08:00",
        sha256="a" * 64, sm3="b" * 64, size=1_048_576, leaf_hash=b"l" * 32, signer=LOG,
    )  # fmt: skip
    return canonical_json(fields)


def test_a_receipt_is_verified() -> None:
    verdict = verify_content(receipt(), LOG.key.text, kind="receipt")
    assert verdict.ok and any("/log/receipt/" in line for line in verdict.not_checked)
    assert not verify_content(receipt(), OTHER.key.text).ok
    assert "receipt, not a proof" in verify_content(receipt(), kind="proof").reason


def test_every_changed_byte_of_a_receipt_is_refused() -> None:
    good = receipt()
    for spot, byte in enumerate(good):
        for changed in {byte ^ 1, byte ^ 0x20, ord("A"), ord("0")} - {byte}:
            assert not verify_content(good[:spot] + bytes([changed]) + good[spot + 1 :]).ok, spot
