"""A page server's worker must not outlive its master: Linux tells it when the master dies."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Only in processes that the supervisor started. Elsewhere, and where there is no prctl, it does nothing."""
    if os.environ.get("TRADEHALL_PROCESS") in {"web", "push"} and os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
