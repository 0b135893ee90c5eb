"""Numbers that change only when something is published: counted once for each version of the projections.

In this process, for a bounded number of questions. Nothing that depends on the hour may be asked here, and an answer is
at most as old as the version its asker read before.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST = 256
T = TypeVar("T")

_answers: OrderedDict[tuple[int, Hashable], Any] = OrderedDict()
_lock = threading.Lock()


def kept(version: int, question: Hashable, count: Callable[[], T]) -> T:
    """The answer of `count` at this version; two who ask at once may both count. Whoever receives it changes nothing in it."""
    with _lock:
        if (version, question) in _answers:
            _answers.move_to_end((version, question))
            known: T = _answers[version, question]
            return known
    found = count()
    with _lock:
        _answers[version, question] = found
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    return found


def forget() -> None:
    """For databases that go back in time, as those of tests do."""
    with _lock:
        _answers.clear()
