"""The tree against the reference roots of RFC 6962 implementations, and proofs for every pair of small sizes."""

from hypothesis import given
from hypothesis import strategies as st

from tradehall.crypto import merkle, sealed_batch

LEAVES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
# Certificate Transparency's reference tree (google/certificate-transparency, merkletree tests).
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(bytes([n])) for n in range(71)]


def parts(wanted: list[merkle.Part]) -> list[bytes]:
    """What a store of complete subtrees would give."""
    return [
        merkle.fold([merkle.root(HASHES[index << level : (index + 1) << level]) for level, index in part])
        for part in wanted
    ]


def test_reference_roots() -> None:
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES]
    assert [merkle.root(hashes[: n + 1]).hex() for n in range(8)] == ROOTS
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_reference_path() -> None:
    """Leaf 5 of 7: RFC 6962 §2.1.3 says [e, h-side…] = leaf 4, leaf 6, tree of 0–3."""
    assert merkle.inclusion_parts(5, 7) == [((0, 4),), ((0, 6),), ((2, 0),)]
    assert merkle.consistency_parts(3, 7) == [((0, 2),), ((0, 3),), ((1, 0),), ((1, 2), (0, 6))]
    assert merkle.consistency_parts(4, 7) == [((1, 2), (0, 6))]
    assert merkle.consistency_parts(6, 7) == [((1, 2),), ((0, 6),), ((2, 0),)]


def test_every_inclusion_up_to_70() -> None:
    for size in range(1, 71):
        root = merkle.root(HASHES[:size])
        for index in range(size):
            path = parts(merkle.inclusion_parts(index, size))
            assert merkle.verify_inclusion(HASHES[index], index, size, path, root)
            assert not merkle.verify_inclusion(HASHES[index], (index + 1) % (size + 1), size, path, root)
            assert not merkle.verify_inclusion(HASHES[index], index, size, [*path, HASHES[0]], root)


def test_every_consistency_up_to_70() -> None:
    roots = [merkle.root(HASHES[:n]) for n in range(71)]
    for second in range(1, 71):
        for first in range(1, second + 1):
            path = parts(merkle.consistency_parts(first, second))
            assert (first == second) == (path == [])
            assert merkle.verify_consistency(first, second, path, roots[first], roots[second])
            assert not merkle.verify_consistency(first, second, path, roots[first - 1], roots[second])
            assert not merkle.verify_consistency(first, second, path, roots[first], roots[second - 1])


@given(st.integers(1, 70), st.integers(1, 70), st.data())
def test_a_changed_proof_fails(one: int, other: int, data: st.DataObject) -> None:
    first, second = sorted((one, other))
    path = parts(merkle.consistency_parts(first, second))
    roots = merkle.root(HASHES[:first]), merkle.root(HASHES[:second])
    spot = data.draw(st.integers(0, len(path)))
    longer = [*path[:spot], data.draw(st.binary(min_size=32, max_size=32)), *path[spot:]]
    assert not merkle.verify_consistency(first, second, longer, *roots)
    if path:
        spot = data.draw(st.integers(0, len(path) - 1))
        flipped = [bytes([h[0] ^ 1]) + h[1:] if i == spot else h for i, h in enumerate(path)]
        assert not merkle.verify_consistency(first, second, flipped, *roots)
        assert not merkle.verify_consistency(first, second, path[:spot] + path[spot + 1 :], *roots)


@given(st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=64))
def test_a_sealed_batch_holds_its_leaves(real: list[bytes]) -> None:
    batch = sealed_batch.seal(real)
    assert len(batch.leaves) == 64 and len(set(batch.slots)) == len(real)
    for leaf, slot in zip(real, batch.slots, strict=True):
        path = sealed_batch.path(batch.leaves, slot)
        assert len(path) == 6 and sealed_batch.verify(leaf, slot, path, batch.root)
        assert not sealed_batch.verify(leaf, (slot + 1) % 64, path, batch.root)
