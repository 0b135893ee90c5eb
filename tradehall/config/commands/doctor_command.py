"""`tradehall doctor`: every complaint in words, one a line; exit 0 when there is none."""

import argparse
import os
import subprocess
import sys

from tradehall.config.house import doctor, instance
from tradehall.config.house.instance import Urls
from tradehall.config.house.supervisor import is_taken


def run(arguments: argparse.Namespace) -> int:
    folder = instance.home()
    complaints = [*doctor.disk(folder), *_ports()]
    with instance.database(folder, migrated=False) as urls:
        complaints += doctor.database(urls, os.environ.get("TRADEHALL_KIND") or "demo", folder)
        complaints += _migrations(urls)
    for text in complaints:
        print(text)
    if not complaints:
        print("nothing is wrong")
    return 1 if complaints else 0


def _ports() -> list[str]:
    state = instance.read_state(instance.home())
    if state and state.kind == "up":
        return []
    taken = [number for number in (instance.port(), instance.port() + 1) if is_taken(number)]
    return [f"Port {number} is taken by another program: stop it or set TRADEHALL_PORT." for number in taken]


def _migrations(urls: Urls) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--check"],
        env=instance.environment("command", urls),
        capture_output=True,
        timeout=120,
    )
    behind = "The database is behind the program (migrations are pending): run `tradehall up`."
    return [behind] if done.returncode else []
