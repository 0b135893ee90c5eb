"""`tradehall trust add CA.pem [--crl FILE]`: trust a certificate authority, and hold its revocation lists.

The same authority again with a newer list replaces the list. Nothing is fetched from the network, now or later.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tradehall.accounts import trust
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.times import format_minute


def run(arguments: argparse.Namespace) -> int:
    pem = Path(arguments.file).read_bytes().decode("utf-8", "replace")
    crl = Path(arguments.crl).read_bytes() if arguments.crl else None
    at = platform_now()
    anchor = trust.add_trust_anchor(by=PLATFORM, at=at, checked_at=datetime.now(UTC), pem=pem)
    if crl is not None:
        anchor = trust.renew_revocation_list(by=PLATFORM, at=at, sha256=anchor.sha256, crl=crl)
    print(f"trusted {anchor.name} SHA-256 {anchor.sha256}")
    if anchor.crl_until:
        print(f"revocation list holds until {format_minute(anchor.crl_until)}")
    else:
        print("no revocation list: certificates that name one are refused, others are not checked for revocation")
    return 0
