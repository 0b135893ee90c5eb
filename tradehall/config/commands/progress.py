"""A progress bar on stderr when somebody watches; nothing at all in a pipe or a log. Results go to stdout, never here."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int | None], None]


def _ignore(what: str, done: int, total: int | None) -> None:
    pass


@contextmanager
def bar(what: str) -> Iterator[Report]:
    """Yields `report(what, done, total)`; an unknown total is None."""
    if not sys.stderr.isatty():
        yield _ignore
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda text, done, total: progress.update(task, description=text, completed=done, total=total)
