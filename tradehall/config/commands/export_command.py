"""`tradehall export ocds`: everything sealed after a position, as open data in one file; the last line counts it."""

import argparse
from pathlib import Path

from tradehall.config.commands.progress import bar
from tradehall.disclosure.ocds import publishing
from tradehall.journal import sealer
from tradehall.journal.clock import platform_now


def run(arguments: argparse.Namespace) -> int:
    sealer.seal_pending()
    with bar("export") as report:
        done = publishing.export(
            Path(arguments.out),
            arguments.since,
            at=platform_now(),
            progress=lambda count: report("releases", count, None),
        )
    print(f"exported {done.releases} releases of {done.processes} processes up to position {done.position}")
    return 0
