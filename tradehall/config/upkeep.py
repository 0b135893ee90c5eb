"""What the worker does by the clock, without anybody asking: sweeping at night, and the archive kept complete.

Each is idempotent and may be missed; none of them is an act. Times are the machine's.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from procrastinate.contrib.django import app

from tradehall.accounts import sweeping as accounts
from tradehall.config.house import sealed_keys
from tradehall.config.house.archive import Archive
from tradehall.documents import copies
from tradehall.exchange import sweeping as exchange
from tradehall.journal.clock import platform_now
from tradehall.messages import sweeping as messages

log = logging.getLogger(__name__)
NIGHTLY, EACH_MINUTE = "23 19 * * *", "* * * * *"  # UTC: 03:23 in Beijing
JOBS_KEPT_HOURS = 7 * 24
DEAD_SECONDS = 30.0  # a living worker says so every ten
LOOKED_BACK = timedelta(days=1)


@app.periodic(cron=NIGHTLY)
@app.task(name="upkeep.sweep", queueing_lock="upkeep.sweep")
def sweep(timestamp: int) -> dict[str, int]:
    """Everything whose time is over."""
    at, now = platform_now(), datetime.now(UTC)
    gone = {**accounts.sweep(at=at, now=now), **exchange.sweep(at=at), **messages.sweep(at=at)}
    log.info("swept: %s", ", ".join(f"{name} {count}" for name, count in gone.items()))
    return gone


@app.periodic(cron=NIGHTLY)
@app.task(name="upkeep.sweep_jobs", queueing_lock="upkeep.sweep_jobs")
async def sweep_jobs(timestamp: int) -> None:
    """Jobs that succeeded a week ago. Failed ones stay: somebody must look at them."""
    await app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT_HOURS)


@app.periodic(cron=EACH_MINUTE)
@app.task(name="upkeep.take_over", queueing_lock="upkeep.take_over")
async def take_over(timestamp: int) -> int:
    """Jobs whose worker died in the middle, on whatever host: each of ours may be begun again."""
    found = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS))
    for job in found:
        await app.job_manager.retry_job(job)
    return len(found)


@app.periodic(cron=EACH_MINUTE)
@app.task(name="upkeep.keep_archive", queueing_lock="upkeep.keep_archive")
def keep_archive(timestamp: int) -> list[str]:
    """Documents and keys that the archive should have had already. The database streams there by itself."""
    if settings.ARCHIVE is None:
        return []
    place = Archive.of(settings.ARCHIVE, settings.HOME / "db")
    found = copies.copy_missing(place.files, since=platform_now() - LOOKED_BACK)
    if settings.BACKUP_PASSPHRASE:
        sealed_keys.keep(place.keys, settings.HOME / "keys", settings.BACKUP_PASSPHRASE)
    for fault in found.faults:
        log.error("archive: %s", fault)
    return found.faults
