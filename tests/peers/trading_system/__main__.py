"""`python -m tests.peers.trading_system --port … --issuer … --client-id …`: serves until it is told to stop."""

import os
import signal
import sys
import threading

from tests.peers.trading_system.server import Server
from tests.peers.trading_system.settings import read_settings


def main() -> int:
    server = Server(read_settings())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if server.settings.token:
        threading.Thread(target=follow, args=(server, stop), daemon=True).start()
    sys.stdout.write(f"{server.settings.own}/\n")
    sys.stdout.flush()
    while not stop.wait(1.0) and _lives(server.settings.lives_with):
        pass
    stop.set()
    server.shutdown()
    return 0


def _lives(pid: int) -> bool:
    """A demonstration's systems end with the demonstration."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def follow(server: Server, stop: threading.Event) -> None:
    server.following.subscribe_patiently(stop)
    server.following.follow_forever(stop)


if __name__ == "__main__":
    sys.exit(main())
