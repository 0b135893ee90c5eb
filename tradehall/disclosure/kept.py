"""Numbers that change only when something is published: counted once for each version of the projections.

In this process, for a bounded number of questions, and not for long: projections made anew from zero may come to the same
version with other rows. Nothing that depends on the hour may be asked here.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST = 256
MAX_AGE_S = 300.0
T = TypeVar("T")

_answers: OrderedDict[tuple[int, Hashable], tuple[float, Any]] = OrderedDict()
_lock = threading.Lock()


def kept(version: int, question: Hashable, count: Callable[[], T]) -> T:
    """What `count` answered at this version; two who ask at once may both count. Nobody changes what he is given."""
    with _lock:
        counted_s, known = _answers.get((version, question), (-MAX_AGE_S, None))
    if counted_s > time.monotonic() - MAX_AGE_S:
        answer: T = known
        return answer
    found = count()
    with _lock:
        _answers[version, question] = (time.monotonic(), found)
        _answers.move_to_end((version, question))
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    return found


def forget() -> None:
    """For databases that go back in time, as those of tests do."""
    with _lock:
        _answers.clear()
