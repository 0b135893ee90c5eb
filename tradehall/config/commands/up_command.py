"""`tradehall up`: hands over to the supervisor."""

import argparse

from tradehall.config.house import instance
from tradehall.config.house.supervisor import Supervisor


def run(arguments: argparse.Namespace) -> int:
    return Supervisor(instance.home(), instance.port()).run()
