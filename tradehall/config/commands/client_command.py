"""`tradehall client add`: registers a system that signs people in through us; prints id and secret, once."""

import argparse
import json

from tradehall.accounts.oidc.clients import register_client
from tradehall.config.house.instance import HouseError
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.reference.lines import lines


def run(arguments: argparse.Namespace) -> int:
    known = [line.code for line in lines()]
    if arguments.line and arguments.line not in known:
        raise HouseError(
            f"There is no line {arguments.line!r}; there are {', '.join(known)}. No client was registered."
        )
    made = register_client(
        by=PLATFORM, at=platform_now(), name=arguments.name, redirects=arguments.redirect,
        backchannel=arguments.backchannel or "", logouts=arguments.logout or [], start=arguments.start or "",
        line=arguments.line, public=arguments.public,
    )  # fmt: skip
    print(json.dumps({"client_id": made.system.client_id, "client_secret": made.secret}))
    return 0
