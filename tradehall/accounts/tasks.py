"""Jobs of this app. The worker runs them; whoever asks for one does so inside the transaction of his act."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from tradehall.accounts.oidc import families, logout


class NotDelivered(Exception):
    """The system gave no answer or 5xx; asks the worker to come again."""


class Patience(BaseRetryStrategy):
    """First after a second, then ever longer, several times within the first minute; then never again."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, NotDelivered) or job.attempts >= len(logout.WAITS):
            return None
        return RetryDecision(retry_in={"seconds": logout.WAITS[job.attempts]})


@app.task(name=families.SEND_LOGOUT, retry=Patience())
def send_logout(*, system_id: int, account_id: int, sid: str) -> str:
    outcome = logout.send(system_id, account_id, sid)
    if not outcome.is_done and outcome.is_worth_repeating:
        raise NotDelivered(outcome.words)
    return outcome.words
