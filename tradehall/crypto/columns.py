"""Values encrypted in their column: AES-256-GCM under a ring of keys that lies in a file outside the database.

A sealed value is bound to its table, column and row, so that it opens nowhere else. Equal values are recognised by a
keyed hash only. Refuses to replace a ring that is there but unreadable, and never forgets an old key by itself.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = "c1"
KEY_BYTES, NONCE_BYTES = 32, 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands; the same bytes in another row are refused."""

    table: str
    column: str
    row: str

    def __bytes__(self) -> bytes:
        parts = (FORM, self.table, self.column, self.row)
        return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """All keys by id, the one that seals, and the key of the hashes (which never changes: hashes must stay equal)."""

    keys: dict[str, bytes]
    active: str
    index: bytes

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.keys)})"


def seal(ring: KeyRing, text: str, place: Place) -> str:
    """`c1.<key id>.<nonce and ciphertext>`; twice the same text gives two different values."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    content = AESGCM(ring.keys[ring.active]).encrypt(nonce, text.encode(), bytes(place))
    return f"{FORM}.{ring.active}.{base64.b64encode(nonce + content).decode()}"


def open_sealed(ring: KeyRing, sealed: str, place: Place) -> str:
    """The text; ValueError when the value is damaged, moved from another place, or its key is not in the ring."""
    form, _, rest = sealed.partition(".")
    key_id, _, content = rest.partition(".")
    if form != FORM:
        raise ValueError("not a sealed value of this form")
    if key_id not in ring.keys:
        raise ValueError(f"the ring has no key {key_id[:16]!r}; put its backup back")
    try:
        raw = base64.b64decode(content, validate=True)
        opened: bytes = AESGCM(ring.keys[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bytes(place))
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise ValueError("the sealed value was altered or belongs to another place") from error
    return opened.decode()


def key_of(sealed: str) -> str:
    """The id of the key a value is sealed with."""
    return sealed.split(".")[1]


def keyed_hash(ring: KeyRing, purpose: str, text: str) -> str:
    """Equal for equal texts of one purpose; without the ring nobody can try numbers against it."""
    return hmac.new(ring.index, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def key_ring(path: str) -> KeyRing:
    """The ring in `path`, made on first use; a ring that another process changed is read again."""
    if not os.path.exists(path):
        _make(path, _written(_fresh_ring()))
    found = os.stat(path)
    return _read(path, found.st_mtime_ns, found.st_ino)


def add_key(path: str) -> KeyRing:
    """A new key that seals from now on; the old ones stay and open what they sealed."""
    ring = key_ring(path)
    made = secrets.token_hex(4)
    draft = _draft(path, _written(KeyRing(ring.keys | {made: secrets.token_bytes(KEY_BYTES)}, made, ring.index)))
    os.replace(draft, path)
    return key_ring(path)


def _fresh_ring() -> KeyRing:
    first = secrets.token_hex(4)
    return KeyRing({first: secrets.token_bytes(KEY_BYTES)}, first, secrets.token_bytes(KEY_BYTES))


def _written(ring: KeyRing) -> str:
    """One line a key, the sealing one last."""
    ordered = [*(name for name in ring.keys if name != ring.active), ring.active]
    lines = [f"index {ring.index.hex()}", *(f"key {name} {ring.keys[name].hex()}" for name in ordered)]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=8)
def _read(path: str, changed_ns: int, inode: int) -> KeyRing:
    index, keys = b"", {}
    try:
        for line in Path(path).read_text("ascii").splitlines():
            kind, *parts = line.split()
            if kind == "index":
                index = bytes.fromhex(parts[0])
            else:
                keys[parts[0]] = bytes.fromhex(parts[1])
    except (ValueError, IndexError) as error:
        raise RuntimeError(f"{path} cannot be read as a ring of keys; put the backup back, do not delete it") from error
    if len(index) != KEY_BYTES or not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise RuntimeError(f"{path} is not a whole ring of keys; put the backup back, do not delete it")
    return KeyRing(keys, list(keys)[-1], index)


def _make(path: str, text: str) -> None:
    """Two processes that start at once end with the same ring: the first link wins."""
    folder = Path(path).parent
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)


def _draft(path: str, text: str) -> str:
    draft = f"{path}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
