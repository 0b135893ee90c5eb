"""What a bidder says and signs: who he is, for which lot and slot, what is read out, and the digest of every file.

It lies inside the payload, before the files. The signature is over the statement, which names the container's key
commitment: it fits this container and no other. Whose certificate it is, and whether the authority is trusted, is
asked by who knows the register and the roots (`certificates`).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import pem, x509
from cryptography.exceptions import UnsupportedAlgorithm

from tradehall.crypto import signatures
from tradehall.crypto.bid_dealing import DOMAIN, LONGEST_NAME, SALT_BYTES, SLOT_BYTES, Binding, cover
from tradehall.crypto.bid_words import refused
from tradehall.crypto.notes import decode64, encode64
from tradehall.crypto.suites import DIGEST_BYTES, framed
from tradehall.kernel.canonical import canonical_json, parse_canonical

LARGEST_FRONT = 512 * 1024
LARGEST_CHAIN = 64 * 1024
MOST_FILES, LONGEST_FILE_NAME = 500, 200
MOST_LINES, LONGEST_LINE = 50, 500
Line = str | int
HEX = re.compile(r"[0-9a-f]{64}")
# Control characters, and those that are not seen or turn the direction of writing: none may be read out or be in a name.
HIDDEN = r"\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff"
UNSEEN, UNSAFE = re.compile(f"[{HIDDEN}]"), re.compile(rf'[{HIDDEN}/\\:*?"<>|]')
MOST_EXACT = (1 << 53) - 1  # RFC 7493 §2.2: what every reader of JSON keeps exactly
STATED = frozenset({"bidder", "files", "key", "lot", "name", "reading", "salt", "slot"})
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """`digest` is by the suite's digest, in lower-case hex."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`reading` is what is read out at the opening: price in cents, period, and whatever else the lot asks for."""

    bidder: str
    name: str
    salt: bytes
    lot: str
    slot: bytes
    key: bytes
    reading: Mapping[str, Line]
    files: tuple[FileEntry, ...]

    @property
    def content(self) -> dict[str, object]:
        return {
            "bidder": self.bidder,
            "files": [{"digest": one.digest, "name": one.name, "size": one.size} for one in self.files],
            "key": encode64(self.key),
            "lot": self.lot,
            "name": self.name,
            "reading": dict(self.reading),
            "salt": encode64(self.salt),
            "slot": encode64(self.slot),
        }

    @property
    def message(self) -> bytes:
        """What is signed."""
        return DOMAIN + b" statement\n" + canonical_json(self.content)


@dataclass(frozen=True, slots=True)
class Front:
    """The statement with its signature and the signer's certificate, holder first, in PEM."""

    statement: Statement
    certificate: str
    signature: bytes

    @property
    def value(self) -> dict[str, object]:
        return {
            "certificate": self.certificate,
            "signature": encode64(self.signature),
            "statement": self.statement.content,
        }

    @property
    def content(self) -> bytes:
        return canonical_json(self.value)


def front_commitment(binding: Binding, content: bytes) -> bytes:
    """Stands in the header; the salt and the signature inside keep it from being guessed."""
    return binding.suite.digest(framed(DOMAIN, b"front", binding.place, content))


def parse_front(content: bytes) -> Front:
    """Refusal for anything that `Front.content` would not have written, or that no sealer would have taken."""
    try:
        return front_of(parse_canonical(content))
    except MALFORMED as error:
        raise refused("front_unreadable") from error


def front_of(value: object) -> Front:
    """The same of a value that stands inside another file; ValueError, KeyError or TypeError for another one."""
    if not isinstance(value, dict) or set(value) != {"certificate", "signature", "statement"}:
        raise ValueError("fields of the front")
    certificate = _text(value["certificate"], LARGEST_CHAIN)
    return Front(_statement(value["statement"]), certificate, decode64(_text(value["signature"], 2048)))


def check_front(front: Front, binding: Binding, key: bytes) -> None:
    """Does the statement belong to this container, and is it signed by the certificate beside it?"""
    statement = front.statement
    stated = {"标段": statement.lot, "递交编号": statement.slot, "密钥承诺": statement.key}
    expected = {"标段": binding.lot, "递交编号": binding.slot, "密钥承诺": key}
    for what, value in stated.items():
        if value != expected[what]:
            raise refused("statement_mismatch", what)
    if cover(binding.suite, statement.bidder, statement.salt) != binding.cover:
        raise refused("statement_mismatch", "投标人")
    check_signature(front)


def check_signature(front: Front) -> None:
    public = holder_key(front.certificate)
    try:
        is_good = signatures.verify(public, front.signature, front.statement.message)
    except MALFORMED:
        is_good = False
    if not is_good:
        raise refused("signature_wrong")


def holder_key(chain: str) -> bytes:
    """SubjectPublicKeyInfo of the first certificate in a PEM text."""
    try:
        label, _, der = next(iter(pem.unarmor(chain.encode(), multiple=True)))
        if label != "CERTIFICATE":
            raise ValueError("the first block is not a certificate")
        return bytes(x509.Certificate.load(der, strict=True).public_key.dump())
    except (*MALFORMED, RecursionError, StopIteration) as error:
        raise refused("certificate_unreadable") from error


def fault_of_name(name: str, taken: set[str]) -> str:
    """Why a file may not bear this name, in words; empty when it may. `taken` holds folded names."""
    if not 1 <= len(name) <= LONGEST_FILE_NAME:
        return "文件名为空或过长"
    if UNSAFE.search(name) or name != name.strip() or name[0] == "." or name[-1] == ".":
        return "文件名含有不允许的字符"
    if unicodedata.normalize("NFC", name) != name:
        return "文件名的写法不规范"
    return "文件名重复" if name.casefold() in taken else ""


def fault_of_reading(reading: Mapping[str, Line]) -> str:
    """Why these lines cannot be read out, in words; empty when they can."""
    if len(reading) > MOST_LINES:
        return "唱标内容过多"
    for key, line in reading.items():
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_NAME or isinstance(line, bool):
            return "唱标内容的名称或值不合规定"
        if not isinstance(line, str | int) or (isinstance(line, str) and len(line) > LONGEST_LINE):
            return "唱标内容的值不合规定"
        if isinstance(line, int) and abs(line) > MOST_EXACT:
            return "唱标内容的数值过大"
        if UNSEEN.search(f"{key}{line}"):
            return "唱标内容含有看不见的字符"
    return ""


def _statement(value: object) -> Statement:
    if not isinstance(value, dict) or set(value) != STATED or not isinstance(value["reading"], dict):
        raise ValueError("fields of the statement")
    if fault := fault_of_reading(value["reading"]):
        raise ValueError(fault)
    return Statement(
        bidder=_label(value["bidder"]),
        name=_label(value["name"]),
        salt=_sized(value["salt"], SALT_BYTES),
        lot=_label(value["lot"]),
        slot=_sized(value["slot"], SLOT_BYTES),
        key=_sized(value["key"], DIGEST_BYTES),
        reading=value["reading"],
        files=_files(value["files"]),
    )


def _files(value: object) -> tuple[FileEntry, ...]:
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise ValueError("the list of files")
    found: list[FileEntry] = []
    taken: set[str] = set()
    for one in value:
        name, size, digest = one["name"], one["size"], one["digest"]
        if set(one) != {"name", "size", "digest"} or isinstance(size, bool) or size < 0 or not HEX.fullmatch(digest):
            raise ValueError("an entry in the list of files")
        if fault := fault_of_name(name, taken):
            raise ValueError(fault)
        taken.add(name.casefold())
        found.append(FileEntry(name, size, digest))
    return tuple(found)


def _label(value: object) -> str:
    text = _text(value, LONGEST_NAME)
    if UNSEEN.search(text):
        raise ValueError("a character that is not seen")
    return text


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise ValueError("a text is missing or too long")
    return value


def _sized(value: object, size: int) -> bytes:
    found = decode64(_text(value, 2 * size))
    if len(found) != size:
        raise ValueError(f"not {size} bytes")
    return found
