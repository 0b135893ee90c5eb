"""Whose message is worked on next, in this server process: one at a time for each system, the longest unserved first.

However many messages one system sends at once, it holds a few of the server's threads and never more than one place at
work. Not a limit of how much may be sent: that is `allowance`, and it is the same for all servers.
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
        self._waiting: list[str] = []
        self._working: set[str] = set()
        self._served: dict[str, float] = {}

    @contextmanager
    def turn(self, system: str, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Waits for the system's turn; raises `Busy` at once when it has too many waiting, or when patience ends."""
        self._enter(system, patience)
        try:
            yield
        finally:
            with self._changed:
                self._working.discard(system)
                self._served[system] = time.monotonic()
                self._changed.notify_all()

    def _enter(self, system: str, patience: float) -> None:
        at_work, of_one, in_all = self._limits
        with self._changed:
            mine = Counter(self._waiting)[system] + (system in self._working)
            if mine >= of_one or len(self._waiting) + len(self._working) >= in_all:
                raise Busy(system)
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
