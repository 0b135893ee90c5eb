"""Starts the national platform in its own process and tells it how to behave."""

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
class National:
    url: str

    def told(self, **world: Any) -> None:
        request = urllib.request.Request(f"{self.url}/told", json.dumps(world).encode(), method="POST")
        urllib.request.urlopen(request, timeout=10).close()

    def effects(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._asked("/effects")["effects"]
        return found

    def troubles(self) -> list[str]:
        found: list[str] = self._asked("/effects")["troubles"]
        return found

    def count(self, name: str) -> int:
        return int(self._asked("/count")[name])

    def _asked(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


@contextmanager
def running(store: Path, port: int = 0) -> Iterator[National]:
    """`store` outlives the process: the same file is the same platform, come back."""
    command = [sys.executable, str(Path(__file__).with_name("server.py")), str(store), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield National(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(10)
