"""The proof file of a published notice: one canonical JSON that shows, offline, that these very words are in the log.

`{"checkpoint","digest_sha256","digest_sm3","hashes","index","leaf","notice"}`. Refuses any other bytes for the same
content, so that a file either is the proof or is not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradehall.crypto import merkle
from tradehall.crypto.digests import sha256_hex, sm3_hex
from tradehall.crypto.notes import Head, Note, decode64, encode64, parse_checkpoint, parse_note
from tradehall.kernel.canonical import canonical_json, parse_canonical

FIELDS = frozenset({"index", "leaf", "hashes", "checkpoint", "notice", "digest_sha256", "digest_sm3"})
LONGEST_PATH = 64


@dataclass(frozen=True)
class Proof:
    index: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    note: Note
    head: Head
    notice: dict[str, object]
    digest_sha256: str
    digest_sm3: str


def build(*, index: int, leaf: bytes, hashes: Sequence[bytes], checkpoint: str, notice: Mapping[str, object]) -> bytes:
    """The file's bytes; the digests are computed from `notice` here."""
    rendition = canonical_json(dict(notice))
    return canonical_json(
        {
            "index": index,
            "leaf": encode64(leaf),
            "hashes": [encode64(one) for one in hashes],
            "checkpoint": checkpoint,
            "notice": dict(notice),
            "digest_sha256": sha256_hex(rendition),
            "digest_sm3": sm3_hex(rendition),
        }
    )


def parse(content: bytes) -> Proof:
    """Read a proof file; ValueError in words for anything that `build` would not have written."""
    value = parse_canonical(content)
    if not isinstance(value, dict) or set(value) != FIELDS:
        raise ValueError("the file does not have exactly the fields of a proof")
    index, hashes, notice = value["index"], value["hashes"], value["notice"]
    if isinstance(index, bool) or not isinstance(index, int) or index < 0:
        raise ValueError("index is not a place in the log")
    if not isinstance(hashes, list) or len(hashes) > LONGEST_PATH:
        raise ValueError("hashes is not a path")
    if not isinstance(notice, dict):
        raise ValueError("notice is not an object")
    note = parse_note(_text(value["checkpoint"], "checkpoint"))
    return Proof(
        index=index,
        leaf=decode64(_text(value["leaf"], "leaf")),
        hashes=tuple(decode64(_text(one, "hashes")) for one in hashes),
        note=note,
        head=parse_checkpoint(note.text),
        notice=notice,
        digest_sha256=_text(value["digest_sha256"], "digest_sha256"),
        digest_sm3=_text(value["digest_sm3"], "digest_sm3"),
    )


def faults(proof: Proof) -> list[str]:
    """What does not hold, in words; the checkpoint's signature is not looked at here."""
    rendition = canonical_json(proof.notice)
    found = []
    if sha256_hex(rendition) != proof.digest_sha256:
        found.append("digest_sha256 is not the SHA-256 of the notice")
    if sm3_hex(rendition) != proof.digest_sm3:
        found.append("digest_sm3 is not the SM3 of the notice")
    found += _leaf_faults(proof)
    leaf = merkle.leaf_hash(proof.leaf)
    if any(len(one) != 32 for one in proof.hashes) or not merkle.verify_inclusion(
        leaf, proof.index, proof.head.size, proof.hashes, proof.head.root
    ):
        found.append("the path does not lead from the leaf to the checkpoint's root")
    return found


def _leaf_faults(proof: Proof) -> list[str]:
    """The leaf must be an entry about a notice that states both digests."""
    try:
        entry = json.loads(proof.leaf)
        facts, subject = entry["facts"], entry["subject"]
        stated = facts["digest_sha256"], facts["digest_sm3"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ["the leaf is not an entry about a published notice"]
    number, version = proof.notice.get("notice_no"), proof.notice.get("version")
    found = []
    if stated != (proof.digest_sha256, proof.digest_sm3):
        found.append("the leaf states other digests than the file")
    if subject != f"notice:{number}@{version}":
        found.append("the leaf is about another notice or version")
    return found


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    return value
