"""`tradehall demo`: build the demonstration city, add projects to it, move its clock, list its accounts.

Only in a database created as a demonstration: anywhere else each of these would be a forgery.
"""

import argparse
import json
import sys
from datetime import datetime

from tradehall.config import demo
from tradehall.config.commands.progress import bar
from tradehall.config.demo import offices, peers
from tradehall.config.demo.city import the_cast
from tradehall.config.demo.clock import parse_span
from tradehall.config.house.instance import HouseError
from tradehall.journal import selectors as journal
from tradehall.journal.clock import is_movable, platform_now
from tradehall.kernel.times import parse_claimed, parse_rfc3339, rfc3339


def run(arguments: argparse.Namespace) -> int:
    if not is_movable():
        raise HouseError("This database was not created as a demonstration; nothing was changed.")
    if arguments.act == "clock":
        return _clock(arguments)
    if arguments.act == "accounts":
        return _accounts(arguments)
    if arguments.peers:
        return _peers()
    return _projects(arguments.projects)


def _peers() -> int:
    for peer in peers.start(platform_now()):
        print(f"{peer.address} {peer.name}")
    office = peers.office()
    if office:  # not a system that anybody enters, so not among the lines that scripts read
        print(f"{office}/ {offices.NAME}: registrations are compared with it", file=sys.stderr)
    return 0


def _clock(arguments: argparse.Namespace) -> int:
    try:
        to = _time(arguments.to) if arguments.to else None
        now = demo.move_clock(to=to, advance=None if to else parse_span(arguments.advance))
    except ValueError as error:
        raise HouseError(f"{error}; the clock was not moved.") from error
    print(rfc3339(now))
    return 0


def _time(text: str) -> datetime:
    return parse_rfc3339(text) if "T" in text else parse_claimed(text)[0]


def _accounts(arguments: argparse.Namespace) -> int:
    found = demo.listed_accounts(the_cast())
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for one in found:
        print(f"{one['role']:12} {one['login']:16} {one['password']:24} {one['name']} {one['organisation'] or ''}")
    return 0


def _projects(more: int | None) -> int:
    with bar("demo") as report:
        made = 0
        if not demo.is_built():
            made = demo.build(progress=lambda done, total: report("the city", done, total))
        if more:
            first = (journal.last_position() or 0) + 1  # above every number given so far: each project left an entry
            made += demo.add_projects(more, first=first, progress=lambda done, total: report("projects", done, total))
            demo.publish()
    print(f"added {made} projects")
    return 0
