"""Sixty-four leaves that tell a watcher nothing: real ones permuted among random ones, the same size when empty.

Leaves are hashes here, so that a batch entry of the log needs no name, kind or time of what it hides. Refuses more
than sixty-four: overflow waits a beat.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from tradehall.crypto import merkle

SIZE = 64


@dataclass(frozen=True)
class SealedBatch:
    """`slots[i]` is where the i-th real leaf lies."""

    leaves: tuple[bytes, ...]
    slots: tuple[int, ...]
    root: bytes


def seal(real: Sequence[bytes]) -> SealedBatch:
    """Permute `real` among random leaves; the permutation is in no way derived from the leaves."""
    if len(real) > SIZE or any(len(leaf) != 32 for leaf in real):
        raise ValueError(f"a sealed batch holds at most {SIZE} hashes of 32 bytes")
    slots = tuple(secrets.SystemRandom().sample(range(SIZE), len(real)))
    leaves = [secrets.token_bytes(32) for _ in range(SIZE)]
    for leaf, slot in zip(real, slots, strict=True):
        leaves[slot] = leaf
    return SealedBatch(tuple(leaves), slots, merkle.root(leaves))


def path(leaves: Sequence[bytes], slot: int) -> list[bytes]:
    """The path from a slot to the batch's root: always six hashes."""
    if len(leaves) != SIZE:
        raise ValueError(f"a sealed batch has {SIZE} leaves")
    subtrees = [part[0] for part in merkle.inclusion_parts(slot, SIZE)]
    return [merkle.root(leaves[index << level : (index + 1) << level]) for level, index in subtrees]


def verify(leaf: bytes, slot: int, hashes: Sequence[bytes], root: bytes) -> bool:
    return merkle.verify_inclusion(leaf, slot, SIZE, hashes, root)
