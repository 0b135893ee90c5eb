"""`tradehall audit`: every proof of this instance again, from the stored text; the verdict is the last line."""

import argparse
import json
import os
from pathlib import Path

from tradehall.config import proofs
from tradehall.journal import keys, rotation, sealer, selectors
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM


def run(arguments: argparse.Namespace) -> int:
    found = proofs.complaints(os.environ["DATABASE_OWNER_URL"], print)
    for text in found:
        print(f"wrong: {text}")
    if arguments.restored:  # whatever was found: a home that was restored must not sign on before this
        _begin_anew(Path(arguments.restored))
    print("everything holds" if not found else f"NOT WHOLE: {found[0]}")
    return 1 if found else 0


def _begin_anew(told: Path) -> None:
    """After a restore that may have lost what was published: a new name for the log, written into it."""
    facts = json.loads(told.read_text())
    if facts.pop("continues"):
        print("the log goes on under its name: the archive ended in order, nothing that was published is missing")
    else:
        size = selectors.last_position()
        key = rotation.restore_log(by=PLATFORM, at=platform_now(), told={**facts, "size": size})
        sealer.seal_pending()
        print(f"the log goes on as {key.origin}, after its entry {size}; its old name and key sign nothing any more")
        print(f"new verifier key: {keys.signer().key.text}")
    told.unlink()
