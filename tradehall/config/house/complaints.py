"""What the doctor says of work that stands still: jobs, webhooks, revocation lists, and the national suite.

Plain SQL, for the same reason as the doctor: it must speak when Django cannot start.
"""

import os
from collections.abc import Iterable

from tradehall.config.house import references
from tradehall.crypto import sm2

LATE_JOBS = "interval '5 minutes'"
LISTED = 5
FAILED = """
select task_name, count(*) from procrastinate_jobs where status = 'failed' group by 1 order by 2 desc limit 5
"""
WAITING = f"""
select count(*) from procrastinate_jobs job
 where status = 'todo' and coalesce(scheduled_at, (
        select min(at) from procrastinate_events event where event.job_id = job.id)) < now() - {LATE_JOBS}
"""
PAUSED = """
select webhook_no, system, problem from exchange_webhook
 where paused_at is not null and ended_at is null order by paused_at limit 5
"""
STALE = (
    "select name, crl_until at time zone 'Asia/Shanghai' from accounts_trust_anchor where crl_until < now() order by 2"
)


def failing_jobs(db: references.Database) -> Iterable[str]:
    for task, count in db.execute(FAILED).fetchall():
        yield f"{count} jobs {task} have failed for good; `var/log/worker.log` says why, and nobody repeats them."
    row = db.execute(WAITING).fetchone()
    if row and row[0]:
        yield f"{row[0]} jobs have waited for more than five minutes: no worker takes them, or it cannot keep up."


def paused_webhooks(db: references.Database) -> Iterable[str]:
    for no, system, problem in db.execute(PAUSED).fetchall():
        yield (
            f"The webhook {no} of system {system} is paused after days without delivery ({problem or 'no answer'}); "
            "mend the address, then resend at /desk/exchange."
        )


def stale_lists(db: references.Database) -> Iterable[str]:
    for name, until in db.execute(STALE).fetchall():
        yield (
            f"The revocation list of {name} ran out on {until:%Y-%m-%d %H:%M}: its certificates are refused at sign-in. "
            "Bring a newer one with `tradehall trust add CA.pem --crl FILE`."
        )


def unsigned_suite(db: references.Database) -> Iterable[str]:
    """The one check here that asks the machine instead of the database."""
    if os.environ.get("TRADEHALL_SUITE") == "national" and not sm2.can_sign():
        yield (
            "TRADEHALL_SUITE is national, but this machine's OpenSSL has no SM2: checkpoints cannot be signed with it. "
            "Install OpenSSL 3 with SM2, or unset TRADEHALL_SUITE."
        )


ALL = (failing_jobs, paused_webhooks, stale_lists, unsigned_suite)
