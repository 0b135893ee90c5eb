"""How a trading system is known at the edge: its bearer token, and the answer when it comes too often."""

from math import ceil

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer

from tradehall.accounts.selectors import system_actor
from tradehall.accounts.services import authenticate_system
from tradehall.exchange import allowance
from tradehall.kernel.actor import Actor
from tradehall.ui.api_errors import error


class TooOften(Exception):
    """The system has to wait, for the stated seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.seconds = max(1, ceil(wait_s))


class SystemToken(HttpBearer):
    """交易系统的令牌，由 `tradehall system add` 给出一次。"""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        system = authenticate_system(token)
        if system is None:
            return None
        wait = allowance.admit(system.code)
        if wait:
            raise TooOften(wait)
        return system_actor(system)


class SystemRequest(HttpRequest):
    """For types only: what a request is once its token was accepted."""

    auth: Actor


def too_often(request: HttpRequest, problem: TooOften) -> HttpResponse:
    words = (
        f"本系统的请求过于频繁，这次没有给出回执；请在 {problem.seconds} 秒后原样重发，幂等键不变，已收下的记录不会重复"
    )
    answer = error(429, "too_many", words)
    answer["Retry-After"] = str(problem.seconds)
    return answer


def install(api: NinjaAPI) -> None:
    api.exception_handler(TooOften)(too_often)
