"""`tradehall keys rotate oidc|log|columns`: the next key, with overlap; `--now` when the present one was stolen.

A new key is worth nothing in a backup that is older: the archive gets it at once, if it can.
"""

import argparse
import os
from datetime import timedelta

from tradehall.accounts.oidc.keys import rotate_key
from tradehall.config.demo.clock import parse_span
from tradehall.config.house import archive, instance, sealed_keys
from tradehall.config.house.archive import Archive
from tradehall.config.house.instance import HouseError
from tradehall.journal import keys, national, rotation
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.times import rfc3339
from tradehall.parties import services as parties

OVERLAP = "7d"
SAME = "Receipts are signed with the log's own key, so that one pinned key serves for both: run `keys rotate log`."


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "receipts":
        raise HouseError(SAME)
    if arguments.overlap and arguments.what != "log":
        raise HouseError("--overlap is for the log's key; oidc has its own, and columns need none.")
    if arguments.now and arguments.overlap:
        raise HouseError("--now ends the old key at once: leave --overlap out.")
    print({"oidc": _oidc, "log": _log, "columns": _columns}[arguments.what](arguments))
    print(_kept())
    return 0


def _oidc(arguments: argparse.Namespace) -> str:
    key = rotate_key(by=PLATFORM, at=platform_now(), immediately=arguments.now)
    return f"key {key.name} signs from {rfc3339(key.not_before)}"


def _log(arguments: argparse.Namespace) -> str:
    overlap = timedelta(0) if arguments.now else _span(arguments.overlap or OVERLAP)
    rotation.rotate_log_key(by=PLATFORM, at=platform_now(), overlap=overlap)
    lines = [f"new verifier key: {text}" for text in (keys.signer().key.text, *national.verifier_keys()[:1])]
    ends = keys.generations()[1].signs_until or ""
    return "\n".join([*lines, f"the old one signs along until {ends}; what it signed stays verifiable"])


def _span(text: str) -> timedelta:
    try:
        return parse_span(text)
    except ValueError as error:
        raise HouseError(f"--overlap: {error}") from error


def _columns(arguments: argparse.Namespace) -> str:
    return f"{parties.rotate_column_key(by=PLATFORM, at=platform_now())} values sealed anew"


def _kept() -> str:
    home = instance.home()
    root, passphrase = archive.place(home / "db"), os.environ.get("TRADEHALL_BACKUP_PASSPHRASE")
    if not root or not passphrase:
        return "keep a copy of the keys now: run `tradehall backup`; older backups do not have the new one"
    written = sealed_keys.keep(Archive.of(root, home / "db").keys, home / "keys", passphrase)
    return f"the archive has the new keys: {written.name}" if written else "the archive has the keys as they are"
