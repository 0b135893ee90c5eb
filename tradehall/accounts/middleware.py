"""A sign-in that was ended lets nobody in any more, whatever became of its browser session.

Puts the standing sign-in beside the request (`signing.current`); asks the database only for people who are signed in.
"""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from tradehall.accounts import selectors, signing

Handler = Callable[[HttpRequest], HttpResponse]


def sign_ins(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            found = selectors.latest_sign_in(key)
            if found is not None and found.ended_at is not None:
                logout(request)
            else:
                signing.remember(request, found)
        return get_response(request)

    return handle
