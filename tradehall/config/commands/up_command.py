"""`tradehall up`: judges the settings of production, then hands over to the supervisor."""

import argparse
import os

from tradehall.config.house import instance, production, recovery, supervisor
from tradehall.config.house.instance import HouseError


def run(arguments: argparse.Namespace) -> int:
    home = instance.home()
    if (home / recovery.RESTORED).exists():
        raise HouseError(
            f"{home} was restored and its audit did not come to its end: run "
            f"`tradehall audit --restored {home / recovery.RESTORED}` first."
        )
    kind = "production" if arguments.production else os.environ.get("TRADEHALL_KIND") or "demo"
    os.environ["TRADEHALL_KIND"] = os.environ[production.EXPECTED] = kind
    if arguments.production:
        production.refuse_unfit(os.environ, home)
    bind = os.environ.get("TRADEHALL_BIND") or supervisor.BIND
    roles = supervisor.chosen(os.environ.get("TRADEHALL_PROCESSES") or "")
    return supervisor.Supervisor(home, instance.port(), bind, roles).run()
