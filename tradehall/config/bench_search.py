"""Runs the benches of search and of its projection on recombined real notices. Without them it refuses: invented words
would be found too easily.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tradehall.config.commands.progress import bar
from tradehall.config.house.instance import HouseError
from tradehall.disclosure import bench

Figure = dict[str, object]
NOTICES = 410_000


def search(size: int | None = None) -> Iterator[Figure]:
    wanted = size or NOTICES
    with bar("notices") as report:
        yield from bench.run_search(wanted, texts(), lambda done: report("notices", done, wanted))


def projection(size: int | None = None) -> Iterator[Figure]:
    yield from bench.run_projection(texts(), size) if size else bench.run_projection(texts())


def texts() -> list[Path]:
    folder = Path(settings.ROOT).parent / "shared" / "data" / "announcements"
    found = sorted(folder.glob("*.jsonl.gz"))
    if not found:
        raise HouseError(f"This bench recombines real notices, and {folder} has none; nothing was measured.")
    return found
