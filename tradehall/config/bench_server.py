"""What the page bench asks: the public application as it is served, and beside it a constant answer of 10 KB.

Only for `tradehall bench pages`; both are answered by one server process, so they meet the same machine.
"""

import os
from collections.abc import Iterable

from granian import Granian
from granian.constants import Interfaces

from tradehall.config.wsgi import application as public
from tradehall.web.page_cache import Environ, StartResponse

CONSTANT = "/bench/constant"
BODY = b"x" * 10_240
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]
THREADS = 8


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if environ["PATH_INFO"] == CONSTANT:
        start_response("200 OK", HEADERS)
        return [BODY]
    return public(environ, start_response)


def main() -> None:
    Granian(
        "tradehall.config.bench_server:application",
        address="127.0.0.1",
        port=int(os.environ["TRADEHALL_PORT"]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
