"""Receipts signed at once: what was received, when, and the leaf that will stand in the log within a minute.

A receipt proves what the platform promised, not that it kept the promise: inclusion is checked at /log/receipt/….
"""

import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tradehall.crypto.notes import ED25519, Signer, decode64, encode64, parse_key
from tradehall.kernel.canonical import canonical_json, parse_canonical

FIELDS = frozenset({"receipt_no", "lot_no", "received_at", "sha256", "sm3", "size", "leaf_hash", "signature", "key"})
DOMAIN = b"tradehall receipt v1\n"
HEX = re.compile(r"[0-9a-f]{64}")


def sign_receipt(
    *,
    receipt_no: str,
    lot_no: str,
    received_at: str,
    sha256: str,
    sm3: str,
    size: int,
    leaf_hash: bytes,
    signer: Signer,
) -> dict[str, object]:
    unsigned: dict[str, object] = {
        "receipt_no": receipt_no, "lot_no": lot_no, "received_at": received_at, "sha256": sha256, "sm3": sm3,
        "size": size, "leaf_hash": encode64(leaf_hash), "key": signer.key.text,
    }  # fmt: skip
    signature = signer.private.sign(DOMAIN + canonical_json(unsigned))
    return {**unsigned, "signature": encode64(signature)}


def parse_receipt(content: bytes) -> dict[str, object]:
    """Read a receipt file; ValueError for any byte that `canonical_json` would not write, or a field that is wrong."""
    receipt = parse_canonical(content)
    if not isinstance(receipt, dict) or set(receipt) != FIELDS:
        raise ValueError("the receipt does not have exactly the fields of a receipt")
    size = receipt["size"]
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError("the receipt's size is not a number of bytes")
    if not all(isinstance(receipt[name], str) for name in FIELDS - {"size"}):
        raise ValueError("a field of the receipt is not text")
    if not (HEX.fullmatch(receipt["sha256"]) and HEX.fullmatch(receipt["sm3"])):
        raise ValueError("a digest in the receipt is not 64 lower-case hex digits")
    if len(decode64(receipt["leaf_hash"])) != 32:
        raise ValueError("the receipt's leaf hash is not 32 bytes long")
    return receipt


def signature_is_good(receipt: dict[str, object]) -> bool:
    """Is the receipt signed by the key it names? Whether that key is the platform's is another question."""
    key = parse_key(str(receipt["key"]))
    unsigned = {name: value for name, value in receipt.items() if name != "signature"}
    try:
        public = Ed25519PublicKey.from_public_bytes(key.public)
        public.verify(decode64(str(receipt["signature"])), DOMAIN + canonical_json(unsigned))
    except InvalidSignature:
        return False
    return key.algorithm == ED25519 and key.text == receipt["key"]
