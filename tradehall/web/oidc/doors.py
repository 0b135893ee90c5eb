"""Doors: going to a system by its door on our page says for whom, so nobody is asked again on the way in.

The choice is kept in the session, for one use within minutes.
"""

import time

from django.http import HttpRequest

KEPT = "oidc_door"
SECONDS = 300


def keep_choice(request: HttpRequest, client_id: str, organisation: str) -> None:
    request.session[KEPT] = {"client": client_id, "organisation": organisation, "until": time.time() + SECONDS}


def take_choice(request: HttpRequest, client_id: str) -> str | None:
    kept = request.session.get(KEPT)
    if not kept or kept["client"] != client_id:
        return None
    del request.session[KEPT]
    return str(kept["organisation"]) if time.time() < kept["until"] else None
