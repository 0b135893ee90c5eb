"""`tradehall import FILE…`: files through the data interface; one total for all of them as the last line."""

import argparse
import sys
from pathlib import Path

from tradehall.config.commands.progress import bar
from tradehall.exchange.importing import import_files
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM


def run(arguments: argparse.Namespace) -> int:
    with bar("import") as report:
        totals = import_files(
            [Path(name) for name in arguments.files],
            adapter=arguments.adapter,
            report_path=Path(arguments.report) if arguments.report else None,
            by=PLATFORM,
            now=platform_now,
            progress=lambda file, rows: report(file, rows, None),
        )
    for text in totals.unreadable:
        print(f"tradehall: {text}", file=sys.stderr)
    print(totals.line())
    return 1 if totals.unreadable else 0
