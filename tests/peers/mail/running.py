"""Starts the mail server in its own process and tells it how to behave."""

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
class Mail:
    port: int
    url: str

    def told(self, **world: Any) -> None:
        request = urllib.request.Request(f"{self.url}/told", json.dumps(world).encode(), method="POST")
        urllib.request.urlopen(request, timeout=5).close()

    def received(self, to: str = "") -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/received", timeout=5) as answer:
            mails: list[dict[str, Any]] = json.load(answer)
        return [one for one in mails if not to or to in one["to"]]


@contextmanager
def running() -> Iterator[Mail]:
    command = [sys.executable, str(Path(__file__).with_name("server.py"))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port, url = process.stdout.readline().split()
        yield Mail(int(port), url)
    finally:
        process.terminate()
        process.wait(10)
