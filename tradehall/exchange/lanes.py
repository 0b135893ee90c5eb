"""Whose slice is worked on next, in this server process: one at a time for each system, the longest unserved first.

However many messages one system sends at once and however large they are, it holds a few of the server's threads and
never more than one place at work, which it gives back after every slice. Not a limit of how much may be sent: that is
`allowance`, and it is the same for all servers.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

AT_WORK = 4
OF_ONE_SYSTEM = 8
IN_ALL = 12  # of the page server's sixteen threads
PATIENCE_SECONDS = 20.0
RETRY_SECONDS = 2.0


class Busy(Exception):
    """No place for another message of this system now."""


class Lanes:
    def __init__(self, at_work: int = AT_WORK, of_one: int = OF_ONE_SYSTEM, in_all: int = IN_ALL) -> None:
        self._limits = at_work, of_one, in_all
        self._changed = threading.Condition()
        self._here: Counter[str] = Counter()
        self._waiting: list[str] = []
        self._working: set[str] = set()
        self._served: dict[str, float] = {}

    @contextmanager
    def place(self, system: str) -> Iterator[None]:
        """For a whole message. Raises `Busy` at once when the system, or all together, have too many here."""
        _, of_one, in_all = self._limits
        with self._changed:
            if self._here[system] >= of_one or self._here.total() >= in_all:
                raise Busy(system)
            self._here[system] += 1
        try:
            yield
        finally:
            with self._changed:
                self._here[system] -= 1

    @contextmanager
    def turn(self, system: str, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """For one slice of a message. Waits until the system is next; raises `Busy` when patience ends."""
        self._enter(system, patience)
        try:
            yield
        finally:
            with self._changed:
                self._working.discard(system)
                self._served[system] = time.monotonic()
                self._changed.notify_all()

    def _enter(self, system: str, patience: float) -> None:
        at_work = self._limits[0]
        with self._changed:
            self._waiting.append(system)
            try:
                if not self._changed.wait_for(lambda: self._is_next(system, at_work), patience):
                    raise Busy(system)
                self._working.add(system)
            finally:
                self._waiting.remove(system)
                self._changed.notify_all()

    def _is_next(self, system: str, at_work: int) -> bool:
        if len(self._working) >= at_work or system in self._working:
            return False
        ready = {one for one in self._waiting if one not in self._working}
        return min(ready, key=lambda one: (self._served.get(one, 0.0), one)) == system


lanes = Lanes()
