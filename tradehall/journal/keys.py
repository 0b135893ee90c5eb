"""The log's secrets under TRADEHALL_HOME/keys: the ring of signing keys and the salt of commitments, each mode 0600.

Made on first use, by whichever process comes first. A key has a generation: the newest signs, the one before signs
along until its time is over, and all stay listed for what they signed. Refuses to replace a key that is there but
unreadable.
"""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from tradehall.crypto.notes import Signer, Verifier, make_signer

DEFAULT_ORIGIN = "tradehall.example/log"
RING = "log-keys.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """`signs_until` is None for the newest. The first one's files bear no number."""

    no: int
    origin: str
    since: str
    signs_until: str | None = None

    def path(self, suite: str = "") -> str:
        number = f"-{self.no}" if self.no > 1 else ""
        return f"{settings.HOME}/keys/log{suite}{number}.key"

    def signs_at(self, now: datetime) -> bool:
        return self.signs_until is None or datetime.fromisoformat(self.signs_until) > now


def origin() -> str:
    """The log's name in checkpoints and keys."""
    return generations()[0].origin


def commitment_salt() -> bytes:
    return _read_or_make(f"{settings.HOME}/keys/journal.salt", 32)


def signer() -> Signer:
    """The newest key: what the log is known by from now on."""
    return signer_of(generations()[0])


def signers() -> list[Signer]:
    """Every key that signs at this moment, the newest first."""
    return [signer_of(one) for one in signing_generations()]


def verifiers() -> list[Verifier]:
    """All there ever were, the newest first: old checkpoints stay verifiable."""
    return [signer_of(one).key for one in generations()]


def signing_generations() -> list[Generation]:
    now = datetime.now(UTC)
    return [one for one in generations() if one.signs_at(now)]


def generations() -> list[Generation]:
    """The newest first. A ring that another process changed is read again."""
    path = f"{settings.HOME}/keys/{RING}"
    try:
        found = os.stat(path)
    except FileNotFoundError:
        given = os.environ.get("TRADEHALL_LOG_ORIGIN") or str(getattr(settings, "LOG_ORIGIN", DEFAULT_ORIGIN))
        return [Generation(1, given, "")]
    return list(_ring(path, found.st_mtime_ns, found.st_ino))


def write_ring(ring: Iterable[Generation]) -> None:
    """Whole or not at all. The keys must be there before: whoever reads the ring signs with them at once."""
    ordered = sorted(ring, key=lambda one: -one.no)
    for one in ordered:
        signer_of(one)
    _write_private(f"{settings.HOME}/keys/{RING}", json.dumps([asdict(one) for one in ordered], indent=1) + "\n")
    _write_public(Path(settings.HOME) / "keys" / "log.vkey", "".join(f"{key.text}\n" for key in verifiers()))


@lru_cache(maxsize=8)
def _ring(path: str, changed_ns: int, inode: int) -> tuple[Generation, ...]:
    try:
        ring = tuple(Generation(**one) for one in json.loads(Path(path).read_text()))
    except (ValueError, TypeError) as error:
        raise RuntimeError(f"{path} cannot be read; put the backup back, do not delete it") from error
    if not ring or [one.no for one in ring] != list(range(len(ring), 0, -1)):
        raise RuntimeError(f"{path} is not a whole ring of keys; put the backup back, do not delete it")
    return ring


def signer_of(generation: Generation) -> Signer:
    """Made on first use."""
    return _signer(generation.path(), generation.origin, generation.no)


@lru_cache
def _signer(path: str, name: str, no: int) -> Signer:
    made = make_signer(name, Ed25519PrivateKey.from_private_bytes(_read_or_make(path, 32)))
    if no == 1 and not Path(path).with_name(RING).exists():
        _write_public(Path(path).with_suffix(".vkey"), made.key.text + "\n")
    return made


@lru_cache
def _read_or_make(path: str, size: int) -> bytes:
    """The secret in `path`; two processes that start at once end with the same one (the first link wins)."""
    if not os.path.exists(path):
        _make_folder(Path(path).parent)
        draft = f"{path}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(size))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    content = Path(path).read_bytes()
    if len(content) != size:
        raise RuntimeError(f"{path} has {len(content)} bytes instead of {size}; put the backup back, do not delete it")
    return content


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


def _write_private(path: str, text: str) -> None:
    draft = f"{path}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _write_public(path: Path, text: str) -> None:
    """The verifier keys beside the signing keys, so that `tradehall verify` on this machine can pin them."""
    if not path.exists() or path.read_text() != text:
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        draft.write_text(text)
        draft.replace(path)
