"""Sealed columns: they open only in their place, with their key; the ring survives rotation and is never remade."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.crypto import columns
from tradehall.crypto.columns import KeyRing, Place

HERE = Place("parties_sealed_value", "cipher", "V1")
RING = KeyRing({"a": b"k" * 32}, "a", b"i" * 32)


@given(st.text(max_size=60))
def test_what_is_sealed_opens_in_its_place(text: str) -> None:
    sealed = columns.seal(RING, text, HERE)
    assert columns.open_sealed(RING, sealed, HERE) == text
    assert columns.seal(RING, text, HERE) != sealed


@pytest.mark.parametrize(
    "other",
    [
        Place("parties_sealed_value", "cipher", "V2"),
        Place("parties_sealed_value", "basis", "V1"),
        Place("parties_sealed", "value_cipher", "V1"),
        Place("parties_sealed_valuec", "ipher", "V1"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(other: Place) -> None:
    sealed = columns.seal(RING, "110105194912310021", HERE)
    with pytest.raises(ValueError, match="another place"):
        columns.open_sealed(RING, sealed, other)


@pytest.mark.parametrize("damage", ["c1.a.AAAA", "c1.a.****", "c1.b.AAAA", "c2.a.AAAA", "", "110105194912310021"])
def test_damage_is_told_and_never_shown(damage: str) -> None:
    with pytest.raises(ValueError) as caught:
        columns.open_sealed(RING, damage, HERE)
    assert "110105" not in str(caught.value)


def test_one_changed_byte_is_noticed() -> None:
    sealed = columns.seal(RING, "6222020200112233445", HERE)
    head, content = sealed[:20], sealed[20:]
    flipped = head + ("A" if content[0] != "A" else "B") + content[1:]
    with pytest.raises(ValueError):
        columns.open_sealed(RING, flipped, HERE)


def test_the_ring_is_made_once_and_private(tmp_path: Path) -> None:
    path = str(tmp_path / "keys" / "columns")
    first = columns.key_ring(path)
    assert columns.key_ring(path) == first
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "keys").st_mode) == 0o700
    assert first.keys[first.active].hex() not in repr(first)


def test_rotation_keeps_old_values_readable_and_hashes_equal(tmp_path: Path) -> None:
    path = str(tmp_path / "columns")
    before = columns.key_ring(path)
    old = columns.seal(before, "身份", HERE)
    after = columns.add_key(path)
    new = columns.seal(after, "身份", HERE)
    assert columns.key_of(old) != columns.key_of(new)
    assert [columns.open_sealed(after, one, HERE) for one in (old, new)] == ["身份", "身份"]
    assert columns.keyed_hash(before, "identity", "x") == columns.keyed_hash(after, "identity", "x")
    assert columns.key_ring(path).active == after.active


def test_a_hash_needs_the_ring_and_a_purpose() -> None:
    other = KeyRing(RING.keys, "a", b"j" * 32)
    hashes = {columns.keyed_hash(RING, "identity", "1"), columns.keyed_hash(RING, "bank", "1")}
    assert len(hashes | {columns.keyed_hash(other, "identity", "1")}) == 3


@pytest.mark.parametrize("content", ["", "nonsense", "index 00\nkey a 00\n", "key a " + "00" * 32])
def test_an_unreadable_ring_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / "columns"
    path.write_text(content)
    with pytest.raises(RuntimeError, match="put the backup back"):
        columns.key_ring(str(path))
    assert path.read_text() == content
