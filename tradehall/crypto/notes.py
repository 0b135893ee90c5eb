"""C2SP signed notes with Ed25519 and, beside it, SM2: checkpoints of the log and the cosignatures of witnesses.

Formats: c2sp.org/signed-note, /tlog-checkpoint, /tlog-cosignature. Refuses to guess: a note, a key or a base64 text
that is not written in the one canonical way is not read at all.
"""

import base64
import binascii
import re
import struct
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tradehall.crypto import asn1_names, sm2

ED25519 = 1
COSIGNATURE = 4
NATIONAL = 0xFF  # SM2 has no number of its own in C2SP: the name of the algorithm stands before the key
NATIONAL_NAME = b"sm2-with-sm3:"
KEY_SIZES = {ED25519: 32, COSIGNATURE: 32, NATIONAL: len(NATIONAL_NAME) + 65}
MARK = "— "
SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Verifier:
    """A public key with its name: `name+keyid+base64(algorithm ‖ key)`."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.algorithm]) + self.public)}"


@dataclass(frozen=True)
class Signer:
    key: Verifier
    private: Ed25519PrivateKey


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    payload: bytes


@dataclass(frozen=True)
class Note:
    """`text` ends in a newline and is what is signed."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Head:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


def encode64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decode64(text: str) -> bytes:
    """Standard base64, padded, with zero padding bits, or ValueError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
    if encode64(data) != text:
        raise ValueError("base64 is not written canonically")
    return data


def make_signer(name: str, private: Ed25519PrivateKey, algorithm: int = ED25519) -> Signer:
    if not NAME.fullmatch(name):
        raise ValueError(f"a key's name has no spaces and no plus: {name!r}")
    return Signer(Verifier(name, algorithm, private.public_key().public_bytes_raw()), private)


def parse_key(text: str) -> Verifier:
    """Read a verifier key; ValueError says what is wrong with it."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = decode64(encoded)
    if not raw or len(raw) - 1 != KEY_SIZES.get(raw[0]) or not NAME.fullmatch(name):
        raise ValueError("not an Ed25519 or SM2 verifier key: name+hash+base64 expected")
    if raw[0] == NATIONAL and not raw.startswith(NATIONAL_NAME, 1):
        raise ValueError("a verifier key of an unknown algorithm")
    key = Verifier(name, raw[0], raw[1:])
    if key.key_id.hex() != key_id:
        raise ValueError("the hash in the key is not the hash of the key")
    return key


def write_note(note: Note) -> str:
    lines = [f"{MARK}{s.name} {encode64(s.key_id + s.payload)}\n" for s in note.signatures]
    return note.text + "\n" + "".join(lines)


def parse_note(content: str) -> Note:
    """Read a signed note; ValueError for anything that `write_note` would not write."""
    text, separator, block = content.rpartition("\n\n")
    if not separator or not text or not block.endswith("\n"):
        raise ValueError("not a signed note: text, empty line, signatures")
    signatures = tuple(_parse_signature(line) for line in block[:-1].split("\n"))
    note = Note(text + "\n", signatures)
    if any(ord(c) < 0x20 and c != "\n" for c in content) or write_note(note) != content:
        raise ValueError("the note is not written canonically")
    return note


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(MARK).partition(" ")
    raw = decode64(encoded)
    if not line.startswith(MARK) or not NAME.fullmatch(name) or len(raw) < 5:
        raise ValueError("a line of the note's signatures cannot be read")
    return Signature(name, raw[:4], raw[4:])


def checkpoint_text(head: Head) -> str:
    return f"{head.origin}\n{head.size}\n{encode64(head.root)}\n"


def parse_checkpoint(text: str) -> Head:
    """The head in a note's text; extension lines are refused, for this log writes none."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint: origin, size, root")
    root = decode64(lines[2])
    if len(root) != 32:
        raise ValueError("the root is not 32 bytes long")
    return Head(lines[0], int(lines[1]), root)


def sign_note(text: str, *signers: Signer) -> str:
    """One line a signer: several while an old key signs along with its successor."""
    lines = (Signature(one.key.name, one.key.key_id, one.private.sign(text.encode())) for one in signers)
    return write_note(Note(text, tuple(lines)))


def signed_by(note: Note, key: Verifier) -> bool:
    """Exactly one signature under this key, and it is good."""
    mine = [s for s in note.signatures if s.name == key.name and s.key_id == key.key_id]
    return len(mine) == 1 and _is_good(note.text, mine[0].payload, key)


def _is_good(text: str, payload: bytes, key: Verifier) -> bool:
    message, signature = text.encode(), payload
    if key.algorithm == NATIONAL:
        return _is_good_sm2(message, signature, key)
    if key.algorithm == COSIGNATURE:
        if len(payload) != 72:
            return False
        message, signature = cosigned_message(text, cosigned_at(payload)), payload[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _is_good_sm2(message: bytes, signature: bytes, key: Verifier) -> bool:
    point = key.public.removeprefix(NATIONAL_NAME)
    try:
        return sm2.verify(asn1_names.public_info(asn1_names.SM2_CURVE, point).dump(), signature, message)
    except ValueError:  # the point is none
        return False


def national_verifier(name: str, private: bytes) -> Verifier:
    """The public half of an SM2 key (PKCS #8), as others pin it."""
    point = sm2.public_point_of(private)
    return Verifier(name, NATIONAL, NATIONAL_NAME + point)


def sign_nationally(content: str, name: str, private: bytes) -> str:
    """The same note with one more line by SM2, over the same text. Readers who know only Ed25519 pass it over."""
    note, key = parse_note(content), national_verifier(name, private)
    line = Signature(key.name, key.key_id, sm2.sign(private, note.text.encode()))
    return write_note(Note(note.text, (*note.signatures, line)))


def cosigned_at(payload: bytes) -> int:
    """The POSIX second inside a cosignature."""
    moment: int = struct.unpack(">Q", payload[:8])[0]
    return moment


def cosigned_message(text: str, moment: int) -> bytes:
    return f"cosignature/v1\ntime {moment}\n{text}".encode()


def cosign(note: Note, witness: Signer, moment: int) -> Note:
    """The same note with one more line, cosignature/v1; `moment` is POSIX seconds."""
    payload = struct.pack(">Q", moment) + witness.private.sign(cosigned_message(note.text, moment))
    return Note(note.text, (*note.signatures, Signature(witness.key.name, witness.key.key_id, payload)))
