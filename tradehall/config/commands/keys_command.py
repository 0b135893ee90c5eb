"""`tradehall keys rotate oidc`: the next signing key, with overlap; `--now` when the present one was stolen."""

import argparse

from tradehall.accounts.oidc.keys import rotate_key
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.times import rfc3339


def run(arguments: argparse.Namespace) -> int:
    key = rotate_key(by=PLATFORM, at=platform_now(), immediately=arguments.now)
    print(f"key {key.name} signs from {rfc3339(key.not_before)}")
    return 0
