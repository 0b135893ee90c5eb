"""The RFC 6962 Merkle tree: hashes, what a proof consists of, and how to check one.

Pure arithmetic over sizes and hashes. It knows no storage: `*_parts` say *which* complete subtrees a proof needs,
the caller fetches them in one go and `fold` turns them into the proof's hashes.
"""

from collections.abc import Sequence
from hashlib import sha256

Subtree = tuple[int, int]  # (level, index): the complete subtree over leaves [index << level, (index + 1) << level)
Part = tuple[Subtree, ...]  # one proof hash: complete subtrees, left to right, folded from the right

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over neighbouring complete subtrees of falling size; `EMPTY_ROOT` for none."""
    if not hashes:
        return EMPTY_ROOT
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The tree head over leaf *hashes*."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def cover(begin: int, end: int) -> Part:
    """The complete subtrees that make up [begin, end); `begin` must be aligned as RFC 6962 splits are."""
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append((level, begin >> level))
        begin += 1 << level
    return tuple(parts)


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_parts(index: int, size: int) -> list[Part]:
    """What the audit path of leaf `index` in the tree of `size` consists of, leaf side first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    parts: list[Part] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            parts.append(cover(middle, end))
            end = middle
        else:
            parts.append(cover(begin, middle))
            begin = middle
    return parts[::-1]


def consistency_parts(first: int, second: int) -> list[Part]:
    """What the proof that tree `first` is a beginning of tree `second` consists of; empty when they are equal."""
    if not 1 <= first <= second:
        raise ValueError(f"no consistency proof from {first} to {second}")
    parts: list[Part] = []
    begin, end = 0, second
    while first != end:
        middle = begin + _split(end - begin)
        if first <= middle:
            parts.append(cover(middle, end))
            end = middle
        else:
            parts.append(cover(begin, middle))
            begin = middle
    if begin:
        parts.append(cover(begin, end))
    elif first != second:
        parts += [cover(0, first)] if first & (first - 1) else []
    return parts[::-1]


def inclusion_root(leaf: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """The root that the path leads to; ValueError when the path has another length than this place needs."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    node, last, result = index, size - 1, leaf
    for sibling in hashes:
        if last == 0:
            raise ValueError("the path is too long")
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return result


def verify_inclusion(leaf: bytes, index: int, size: int, hashes: Sequence[bytes], tree_root: bytes) -> bool:
    try:
        return inclusion_root(leaf, index, size, hashes) == tree_root
    except ValueError:
        return False


def verify_consistency(first: int, second: int, hashes: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """RFC 9162 §2.1.4.2: does tree `second` begin with tree `first`?"""
    if not 1 <= first <= second:
        return False
    if first == second:
        return not hashes and first_root == second_root
    path = list(hashes) if first & (first - 1) else [first_root, *hashes]
    return bool(path) and _walk_consistency(first - 1, second - 1, path) == (first_root, second_root)


def _walk_consistency(node: int, last: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return None if last else (old, new)
