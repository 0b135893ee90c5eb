"""Starts the badly behaved trading system in its own process and tells it how."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BadSystem:
    url: str

    @property
    def hook(self) -> str:
        return f"{self.url}/hook"

    def told(self, **world: Any) -> None:
        request = urllib.request.Request(f"{self.url}/told", json.dumps(world).encode(), method="POST")
        urllib.request.urlopen(request, timeout=5).close()

    def received(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/received", timeout=5) as answer:
            messages: list[dict[str, Any]] = json.load(answer)
        return messages

    def items(self) -> list[dict[str, Any]]:
        """Of all messages it took in, in the order they came."""
        taken = [one for one in self.received() if not one["problem"]]
        return [item for one in taken for item in json.loads(one["body"])["items"]]


@contextmanager
def running() -> Iterator[BadSystem]:
    command = [sys.executable, str(Path(__file__).with_name("server.py"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield BadSystem(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(10)
