"""`tradehall conformance URL`: pass or fail of a trading system for each rule, and one line that says it all."""

import argparse

from tradehall.exchange.conformance import examine


def run(arguments: argparse.Namespace) -> int:
    failed = 0
    for verdict in examine(arguments.url):
        failed += not verdict.is_passed
        words = "" if verdict.is_passed else f"  {verdict.words}"
        print(f"{'pass' if verdict.is_passed else 'FAIL'}  {verdict.rule}{words}", flush=True)
    print("conformant" if not failed else f"NOT CONFORMANT: {failed} rules failed")
    return 1 if failed else 0
