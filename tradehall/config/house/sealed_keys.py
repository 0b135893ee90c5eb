"""The keys of an instance, sealed with a passphrase: one file in the archive that is worthless without it.

scrypt makes the key, AES-256-GCM seals a tar of TRADEHALL_HOME/keys. Refuses to overwrite a key that is there.
"""

import hashlib
import io
import os
import secrets
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

HEAD = b"tradehall keys v1\n"
SALT, NONCE = 16, 12
LEAST_PASSPHRASE = 12
SUFFIX = ".sealed"


def seal(content: bytes, passphrase: str) -> bytes:
    if len(passphrase) < LEAST_PASSPHRASE:
        raise ValueError(f"The passphrase has {len(passphrase)} characters; it needs {LEAST_PASSPHRASE} at least.")
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    return HEAD + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, HEAD)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    if not sealed.startswith(HEAD):
        raise ValueError("This is not a file of sealed keys.")
    rest = sealed[len(HEAD) :]
    salt, nonce, content = rest[:SALT], rest[SALT : SALT + NONCE], rest[SALT + NONCE :]
    try:
        opened: bytes = AESGCM(_key(passphrase, salt)).decrypt(nonce, content, HEAD)
    except InvalidTag as error:
        raise ValueError("The passphrase does not open the keys, or the file was altered.") from error
    return opened


def pack(folder: Path) -> bytes:
    """The same bytes for the same keys, so that a change can be told by a digest. Drafts of a writer are left out."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                member = tarfile.TarInfo(str(path.relative_to(folder)))
                content = path.read_bytes()
                member.size, member.mode = len(content), 0o600
                tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def unpack(packed: bytes, folder: Path) -> int:
    """How many keys were put back; all private, whatever they were."""
    count = 0
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar.getmembers():
            source = tar.extractfile(member)
            if source is not None:
                _put(folder / _inside(member.name), source.read())
                count += 1
    return count


def keep(folder: Path, keys: Path, passphrase: str) -> Path | None:
    """Seal the keys into `folder` unless they are sealed there as they are; the file that was written."""
    packed = pack(keys)
    digest = hashlib.sha256(b"tradehall keys\0" + packed).hexdigest()
    told = keys.parent / "run" / "keys.archived"
    known = told.read_text() if told.exists() else ""
    if known == f"{folder} {digest}" and any(folder.glob(f"*{SUFFIX}")):
        return None
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{SUFFIX}"
    _put(path, seal(packed, passphrase))
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text(f"{folder} {digest}")
    return path


def newest(root: Path) -> Path | None:
    """Keys are only ever added, so the newest file opens whatever an older one did."""
    found = sorted(root.glob(f"*/keys/*{SUFFIX}"), key=lambda path: path.name)
    return found[-1] if found else None


def _key(passphrase: str, salt: bytes) -> bytes:
    made: bytes = Scrypt(salt=salt, length=32, n=2**16, r=8, p=1).derive(passphrase.encode())
    return made


def _inside(name: str) -> Path:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"The sealed keys name a file outside their folder: {name}")
    return path


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)
