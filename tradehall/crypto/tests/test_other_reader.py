"""A reader in another language, written from the decision alone, opens what is sealed here and makes its header again."""

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from tradehall.crypto.chunk_stream import CHUNK
from tradehall.crypto.tests import bidding
from tradehall.crypto.tests.bidding import LOT, READING, SLOT, bid, sealed, seat

READER = Path(__file__).with_name("other_reader.mjs")
FILES = [("a.bin", bytes(range(251)) * 9000), ("空.txt", b""), ("b.pdf", b"%PDF")]


def read(container: bytes, numbers: tuple[int, ...], slot: bytes = SLOT) -> dict[str, object] | str:
    """What the other reader says with these guardians' keys, or why it refuses."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("NO NODE FOUND: the other reader was not asked. Install node 20 or later")
    keys = bidding.guardian_keys()
    guardians = [
        {"public": public.hex(), "private": keys[at].hex() if at + 1 in numbers else ""}
        for at, public in enumerate(seat().custody.guardians)
    ]
    asked = {"container": container.hex(), "lot": LOT, "slot": slot.hex(), "guardians": guardians}
    done = subprocess.run([node, str(READER)], input=json.dumps(asked), capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("numbers", [(1, 2), (2, 3)])
def test_another_implementation_opens_the_container(numbers: tuple[int, ...]) -> None:
    container = sealed(bid(FILES))
    told = read(container, numbers)
    assert isinstance(told, dict), told
    assert told["files"] == {name: sha256(content).hexdigest() for name, content in FILES}
    assert told["statement"]["reading"] == READING and told["numbers"] == list(numbers)
    assert len(container) > 3 * CHUNK


def test_another_implementation_refuses_another_slot_and_one_guardian_alone() -> None:
    assert "Error: place" in read(bidding.usual(), (1, 2), b"t" * 32)
    assert "Error: key" in read(bidding.usual(), (3,))
