"""`tradehall mail bounce FILE|-`: notes a delivery status notification; the mail server pipes returned mail to it."""

import argparse
import sys
from pathlib import Path

from tradehall.config.house.instance import HouseError
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible
from tradehall.messages import services
from tradehall.messages.bounces import read_bounce


def run(arguments: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
    found = read_bounce(raw)
    if found is None:
        raise HouseError("This is no delivery status notification of a final failure; nothing was noted.")
    try:
        services.note_bounce(by=PLATFORM, at=platform_now(), mail_id=found.mail_id, answer=found.answer)
    except NotVisible as error:
        raise HouseError(f"No mail of ours has the Message-ID {found.mail_id}; nothing was noted.") from error
    print(f"noted: {found.mail_id} came back: {found.answer}")
    return 0
