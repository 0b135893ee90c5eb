"""`tradehall verify`: is this file what it claims to be? Offline, without database, account or settings.

Always says what it did not check. Refuses to call anything verified that it could not read to the last byte.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tradehall.crypto import proof_file, receipts
from tradehall.crypto.notes import ED25519, NATIONAL, Note, Verifier, parse_key, signed_by
from tradehall.kernel.canonical import parse_canonical

LARGEST = 64 * 1024 * 1024
KINDS = ("proof", "receipt")


@dataclass(frozen=True)
class Verdict:
    ok: bool
    reason: str = ""
    checked: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)


def verify_file(
    path: str | Path, key: str | None = None, kind: str | None = None, local_key: str | None = None
) -> Verdict:
    """Check a proof or receipt. `key`: pinned by the caller; `local_key`: of this machine's own log, trusted less."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        return Verdict(False, f"the file cannot be read: {error.strerror}")
    return verify_content(content, key, kind, local_key)


def verify_content(
    content: bytes, key: str | None = None, kind: str | None = None, local_key: str | None = None
) -> Verdict:
    if len(content) > LARGEST:
        return Verdict(False, f"the file is larger than {LARGEST} bytes")
    try:
        check = _checker(content, kind)
        return check(content, _keys(key), _keys(local_key))
    except (ValueError, RecursionError) as error:
        return Verdict(False, str(error) or "the file cannot be read")


def _checker(content: bytes, kind: str | None) -> Callable[[bytes, Sequence[Verifier], Sequence[Verifier]], Verdict]:
    value = parse_canonical(content)
    fields = frozenset(value) if isinstance(value, dict) else frozenset()
    found = "proof" if fields == proof_file.FIELDS else "receipt" if fields == receipts.FIELDS else None
    if found is None:
        raise ValueError("the file is neither a proof nor a receipt of this platform")
    if kind not in (None, found):
        raise ValueError(f"the file is a {found}, not a {kind}")
    return _check_proof if found == "proof" else _check_receipt


def _keys(text: str | None) -> list[Verifier]:
    """The keys in `text`, one a line; several may be pinned: the log's and its witnesses'."""
    return [parse_key(line) for line in text.splitlines() if line.strip()] if text else []


def _check_proof(content: bytes, pinned: Sequence[Verifier], local: Sequence[Verifier]) -> Verdict:
    proof = proof_file.parse(content)
    found = proof_file.faults(proof)
    if found:
        return Verdict(False, "; ".join(found))
    checked = [
        "the file is canonical",
        "SHA-256 and SM3 of the notice",
        "the log entry states these digests for this notice and version",
        f"the entry is number {proof.index} of the {proof.head.size} entries under the checkpoint's root",
    ]
    signed, not_checked = _check_signatures(proof.note, proof.head.origin, pinned, local)
    if isinstance(signed, str):
        return Verdict(False, signed, checked, not_checked)
    return Verdict(True, "", checked + signed, not_checked)


def _check_signatures(
    note: Note, origin: str, pinned: Sequence[Verifier], local: Sequence[Verifier]
) -> tuple[list[str] | str, list[str]]:
    """What was checked of the signatures, or the reason for refusing; and what was not checked."""
    keys = pinned or local
    logs = [key for key in keys if key.algorithm in (ED25519, NATIONAL)]
    if keys and not logs:
        return "the pinned key is a witness's, not a log's", []
    if origin not in {s.name for s in note.signatures}:
        return "the checkpoint bears no signature of its own log", []
    if logs and all(key.name != origin for key in logs):
        return f"the checkpoint is of {origin}, the key of {logs[0].name}", []
    usable = [key for key in keys if key not in logs or key.name == origin]
    good = [key for key in usable if signed_by(note, key)]
    if not _each_kind_signed(usable, good) or any(_claims(note, key) for key in usable if key not in good):
        return "the checkpoint's signature is not by the pinned key", []
    checked = [f"the signature of {key.name} on the checkpoint" for key in good]
    return checked, _left_out(note, pinned, good)


def _each_kind_signed(usable: Sequence[Verifier], good: Sequence[Verifier]) -> bool:
    """A log changes its key now and then: of the keys of one name and algorithm, one must have signed."""
    return {(key.name, key.algorithm) for key in usable} == {(key.name, key.algorithm) for key in good}


def _claims(note: Note, key: Verifier) -> bool:
    return any((s.name, s.key_id) == (key.name, key.key_id) for s in note.signatures)


def _left_out(note: Note, pinned: Sequence[Verifier], keys: Sequence[Verifier]) -> list[str]:
    known = {(key.name, key.key_id) for key in keys}
    left = [
        f"the signature line of {s.name}: its key is not pinned"
        for s in note.signatures
        if (s.name, s.key_id) not in known
    ]
    if keys and not pinned:
        left.append("whether the key is the platform's: no key was pinned, this machine's own copy was used")
    if not any(key.algorithm != ED25519 for key in keys):
        left.append("whether a witness saw the same log: no witness key was pinned")
    left.append("whether the checkpoint is a beginning of the log as it is now: ask /log/proof/consistency")
    return left


def _check_receipt(content: bytes, pinned: Sequence[Verifier], local: Sequence[Verifier]) -> Verdict:
    receipt = receipts.parse_receipt(content)
    if not receipts.signature_is_good(receipt):
        return Verdict(False, "the receipt's signature is not by the key it names")
    keys = pinned or local
    if keys and receipt["key"] not in {key.text for key in keys}:
        return Verdict(False, "the receipt is signed by another key than the pinned one")
    checked = ["the file is canonical", "the signature over every field"]
    left = [
        "whether the entry is in the log: ask /log/receipt/ with its number",
        "the file that was handed in: compare its SHA-256 and SM3 with the receipt",
    ]
    if pinned:
        checked.append("the key is the pinned one")
    else:
        left.append("whether the key is the platform's: no key was pinned")
    return Verdict(True, "", checked, left)
