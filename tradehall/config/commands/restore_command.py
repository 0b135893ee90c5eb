"""`tradehall restore`: rebuild, then prove. What was checked is printed; the verdict is the last line."""

import argparse
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tradehall.config.house import archive, recovery
from tradehall.config.house.instance import HouseError
from tradehall.config.house.recovery import Wish
from tradehall.kernel.times import parse_rfc3339

DROPPED = ("DATABASE_", "DJANGO_")  # the audit must look at the new home's own database


def run(arguments: argparse.Namespace) -> int:
    wish = Wish(
        source=Path(arguments.source).resolve(),
        home=Path(arguments.into).resolve(),
        at=_moment(arguments.at),
        incarnation=arguments.incarnation,
        passphrase=os.environ.get("TRADEHALL_BACKUP_PASSPHRASE"),
        keys=Path(arguments.keys).resolve() if arguments.keys else None,
    )
    if arguments.keys_only:
        recovery.restore_keys(wish, print)
        return 0
    told = recovery.restore(wish, lambda text: print(text, flush=True))
    return _audit(wish.home, told)


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_rfc3339(text) if text else None
    except ValueError as error:
        raise HouseError(f"--at needs a time with its zone, such as 2026-09-18T10:24:05+08:00: {error}") from error


def _audit(home: Path, told: Path) -> int:
    """In a process of its own: Django must find the restored home. The archive is not touched by it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    env = kept | {"TRADEHALL_HOME": str(home), archive.VARIABLE: archive.OFF}
    command = [sys.executable, "-m", "tradehall.config.cli", "audit", "--restored", str(told)]
    return subprocess.run(command, env=env).returncode
