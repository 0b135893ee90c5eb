"""`tradehall verify`: prints what was checked, what was not, and the verdict as the last line. Needs no database."""

import argparse

from tradehall.config.house import instance
from tradehall.config.house.instance import HouseError
from tradehall.crypto.verify import verify_file


def run(arguments: argparse.Namespace) -> int:
    if len(arguments.parts) > 2:
        raise HouseError("verify takes a file, or a kind and a file.")
    kind = arguments.parts[0] if len(arguments.parts) == 2 else None
    verdict = verify_file(arguments.parts[-1], arguments.key, kind, _local_key())
    for text in verdict.checked:
        print(f"checked: {text}")
    for text in verdict.not_checked:
        print(f"not checked: {text}")
    print("verified" if verdict.ok else f"NOT VERIFIED: {verdict.reason}")
    return 0 if verdict.ok else 1


def _local_key() -> str | None:
    """This machine's own copy of the log's key, if it runs a log. Worth less than a pinned key, and said so."""
    path = instance.home() / "keys" / "log.vkey"
    return path.read_text() if path.is_file() else None
