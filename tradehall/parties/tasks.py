"""Jobs of this app by the calendar. The worker runs them."""

from procrastinate.contrib.django import app

from tradehall.journal.clock import platform_now
from tradehall.parties.services import end_expired

EVERY_MINUTE = "* * * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="parties.jobs.end_expired", queueing_lock="parties.end_expired")
def end_what_ran_out(timestamp: int) -> str:
    """A last day has passed: whoever came into a system by that grant or mandate is out of it within a minute."""
    return f"{end_expired(at=platform_now())} ended"
