"""The push server's application: streams only. Pages belong to the page server, where they are three times faster."""

import importlib
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.asgi import get_asgi_application

from tradehall.config.house.parent import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradehall.config.settings")
die_with_parent()
django = get_asgi_application()
push = importlib.import_module("tradehall.exchange.push")  # needs Django ready
feed = push.application()

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    await (feed if push.is_stream(scope) else django)(scope, receive, send)
