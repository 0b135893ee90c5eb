"""`tradehall witness URL`: cosigns a log after a consistency proof. Needs no database; its memory lies in the home."""

import argparse
import sys

from tradehall.config.house import instance
from tradehall.journal.witness import WitnessRefusal, cosign


def run(arguments: argparse.Namespace) -> int:
    try:
        done = cosign(arguments.url, instance.home() / "witness", trust=arguments.trust)
    except (WitnessRefusal, ValueError) as refusal:
        print(f"NOT COSIGNED: {refusal}", file=sys.stderr)
        return 1
    print(done.note, end="")
    print(f"witness key {done.key}", file=sys.stderr)
    print(f"cosigned {done.size} entries; {done.from_size} were known before", file=sys.stderr)
    return 0
