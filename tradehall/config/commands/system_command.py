"""`tradehall system add`: registers a trading system and prints its token, the only time it can be seen."""

import argparse
import sys

from tradehall.accounts.services import add_system
from tradehall.config.house.instance import HouseError
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.reference.lines import lines


def run(arguments: argparse.Namespace) -> int:
    known = [line.code for line in lines()]
    if arguments.line not in known:
        raise HouseError(
            f"There is no line {arguments.line!r}; there are {', '.join(known)}. No system was registered."
        )
    new = add_system(by=PLATFORM, at=platform_now(), code=arguments.code, name=arguments.name, line=arguments.line)
    print("the token is shown only now; keep it:", file=sys.stderr)
    print(new.token)
    return 0
