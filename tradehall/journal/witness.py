"""`tradehall witness URL`: sign the log's head only after proof that it continues what this witness saw before.

For the supervisor and the notary, on their own machine: no database, no account, only the public addresses. Refuses a
log that shrank, forked or changed its key, and never signs before its own memory is safely on disk.
"""

import json
import os
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tradehall.crypto import merkle, notes
from tradehall.crypto.notes import ED25519, Head, Note, Signer, Verifier

TIMEOUT_SECONDS = 20
LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True)
class Cosigned:
    """`note` is the checkpoint with the witness's line; `key` verifies that line."""

    note: str
    key: str
    size: int
    from_size: int


@dataclass(frozen=True)
class Memory:
    key: str
    size: int
    root: str


class WitnessRefusal(Exception):
    """The log is not what it was; the words say how, and nothing was signed."""


def cosign(url: str, state_dir: str | Path, name: str | None = None, trust: str | None = None) -> Cosigned:
    """Fetch, check, remember, sign. The first visit trusts the key it finds and pins it for ever after.

    `trust` is the log's next key, learned some other way: it is pinned from now on, and the log must still have grown
    from what was seen under the old one.
    """
    folder = Path(state_dir)
    folder.mkdir(parents=True, exist_ok=True)
    base = url.rstrip("/")
    seen = _remembered(folder)
    key = notes.parse_key(trust) if trust else _log_key(base, seen)
    note = _parsed(_fetch(f"{base}/log/checkpoint"))
    head = _checked_head(note, key)
    if seen:
        _check_growth(base, seen, head)
    witness = _own_key(folder, name or f"witness.{socket.gethostname() or 'local'}")
    _remember(folder, Memory(key.text, head.size, notes.encode64(head.root)))
    signed = notes.cosign(note, witness, int(time.time()))
    text = notes.write_note(signed)
    _write(folder / "checkpoint.cosigned", text.encode(), 0o644)
    return Cosigned(text, witness.key.text, head.size, seen.size if seen else 0)


def _log_key(base: str, seen: Memory | None) -> Verifier:
    offered = [notes.parse_key(line) for line in _fetch(f"{base}/log/key").splitlines() if line.strip()]
    if seen:
        return _pinned(notes.parse_key(seen.key), offered)
    signing = [key for key in offered if key.algorithm == ED25519]
    if not signing:
        raise WitnessRefusal("the log offers no Ed25519 key")
    return signing[0]


def _pinned(pinned: Verifier, offered: list[Verifier]) -> Verifier:
    if pinned.text not in {key.text for key in offered}:
        raise WitnessRefusal("the log offers another key than the one this witness pinned")
    if offered[0].name != pinned.name:
        raise WitnessRefusal(
            f"the log was restored from a backup and goes on as {offered[0].name}; {pinned.name} ended. Ask what was lost "
            "(the act journal.restore_log), then begin again in an empty folder"
        )
    return pinned


def _parsed(content: str) -> Note:
    try:
        return notes.parse_note(content)
    except ValueError as error:
        raise WitnessRefusal(f"the checkpoint cannot be read: {error}") from error


def _checked_head(note: Note, key: Verifier) -> Head:
    try:
        head = notes.parse_checkpoint(note.text)
    except ValueError as error:
        raise WitnessRefusal(f"the checkpoint cannot be read: {error}") from error
    if head.origin != key.name or not notes.signed_by(note, key):
        raise WitnessRefusal(
            "the checkpoint is not signed by the log's key. If the log has announced another (the act "
            "journal.rotate_log_key), learn it some other way and give it with --trust"
        )
    return head


def _check_growth(base: str, seen: Memory, head: Head) -> None:
    old_root = notes.decode64(seen.root)
    if head.size < seen.size:
        raise WitnessRefusal(f"the log shrank: {seen.size} entries seen, {head.size} shown now")
    if seen.size == 0:
        return
    hashes: list[bytes] = []
    if head.size > seen.size:
        answer = json.loads(_fetch(f"{base}/log/proof/consistency?first={seen.size}&second={head.size}"))
        hashes = [notes.decode64(one) for one in answer["hashes"]]
    if not merkle.verify_consistency(seen.size, head.size, hashes, old_root, head.root):
        raise WitnessRefusal(f"the log was rewritten: its {head.size} entries do not begin with the {seen.size} seen")


def _own_key(folder: Path, name: str) -> Signer:
    """Key and name are made once; the name stays with the key."""
    path = folder / "witness.key"
    if not path.exists():
        private = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        _write(path, json.dumps({"name": name, "private": private}).encode(), 0o600)
    kept = json.loads(path.read_text())
    private_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private"]))
    return notes.make_signer(kept["name"], private_key, notes.COSIGNATURE)


def _remembered(folder: Path) -> Memory | None:
    path = folder / "seen.json"
    return Memory(**json.loads(path.read_text())) if path.exists() else None


def _remember(folder: Path, memory: Memory) -> None:
    _write(folder / "seen.json", json.dumps(memory.__dict__).encode(), 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk before anybody relies on it."""
    draft = path.with_name(path.name + ".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)


def _fetch(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise WitnessRefusal(f"not a web address: {url}")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read(LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        raise WitnessRefusal(f"{url} answered {error.code}") from error
    except OSError as error:
        raise WitnessRefusal(f"{url} cannot be reached: {error}") from error
    if len(content) > LARGEST_ANSWER:
        raise WitnessRefusal(f"{url} answered more than {LARGEST_ANSWER} bytes")
    return content.decode()
