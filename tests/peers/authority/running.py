"""Starts the registry office in its own process and tells it what to say."""

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
class Authority:
    url: str

    def told(self, **world: Any) -> None:
        """facts={code: {...}} and/or manner="slow"."""
        request = urllib.request.Request(f"{self.url}/told", json.dumps(world).encode(), method="POST")
        urllib.request.urlopen(request, timeout=5).close()

    def asked(self) -> list[str]:
        with urllib.request.urlopen(f"{self.url}/asked", timeout=5) as answer:
            codes: list[str] = json.load(answer)
        return codes


@contextmanager
def running() -> Iterator[Authority]:
    command = [sys.executable, str(Path(__file__).with_name("server.py"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Authority(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(10)
