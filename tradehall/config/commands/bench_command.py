"""`tradehall bench NAME`: figures beside the physical limit of the same run, in a database made for it and dropped.

A bench is a generator of figures in the app that it measures; here they are only named, run and printed.
"""

import argparse
import importlib
import json
import os
from collections.abc import Callable, Iterator

import django

from tradehall.config.house import instance, scratch
from tradehall.config.house.instance import HouseError, Urls

# Name → module and function `(size: int | None) -> Iterator[Figure]`; keys of a figure: bench value unit limit ratio size
BENCHES = {
    "search": "tradehall.config.bench_search:search",
    "projection": "tradehall.config.bench_search:projection",
    "import": "tradehall.tenders.bench:reports",
    "feed-race": "tradehall.journal.bench:feed_race",
    "sealing": "tradehall.journal.bench:sealing",
    "act": "tradehall.tenders.bench_acts:acts",
    "pages": "tradehall.config.bench_pages:pages",
    "exchange": "tradehall.config.bench_exchange:exchange",
}
Figure = dict[str, object]


def run(arguments: argparse.Namespace) -> int:
    if arguments.name != "all" and arguments.name not in BENCHES:
        raise HouseError(f"There is no bench {arguments.name!r}; there are {', '.join(BENCHES)}, and all.")
    names = list(BENCHES) if arguments.name == "all" else [arguments.name]
    for name in names:
        with instance.database(instance.home()) as urls, scratch.database(urls) as url:
            os.environ.update(instance.environment("command", Urls(url, url)))
            _measure(name, arguments.size)
    return 0


def _measure(name: str, size: int | None) -> None:
    django.setup()
    module, function = BENCHES[name].split(":")
    measure: Callable[[int | None], Iterator[Figure]] = getattr(importlib.import_module(module), function)
    for figure in measure(size):
        print(json.dumps(figure, ensure_ascii=False), flush=True)
