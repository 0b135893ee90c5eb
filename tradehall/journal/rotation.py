"""Changing the key the log signs with: in order, with a time in which both sign; or after a restore, under a new name.

Each is an act in the log itself. The ring is changed after the act is committed: a key that was announced and never
signed does no harm, one that signs unannounced would. Refuses to let a restored log sign under its old name.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tradehall.journal import keys, national, services
from tradehall.journal.keys import Generation
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

LONGEST_OVERLAP = timedelta(days=366)


def rotate_log_key(*, by: Actor, at: datetime, overlap: timedelta) -> Generation:
    """The next key, and the next of the national suite. `overlap` zero is for a stolen key: the old one ends at once."""
    _only_platform(by)
    words = "新旧密钥并签的时间应在 0 至 366 天之间；没有更换"
    wrong = not timedelta(0) <= overlap <= LONGEST_OVERLAP
    refuse_if([Violation("overlap", words, field="overlap")] if wrong else [])
    ends = datetime.now(UTC) + overlap
    ring = _successor(keys.origin(), ends)
    facts = {"overlap_until": ends.isoformat(timespec="seconds"), **_told(ring)}
    _commit("journal.rotate_log_key", by, at, facts, ring)
    return ring[0]


def restore_log(*, by: Actor, at: datetime, told: Mapping[str, object]) -> Generation:
    """A log that may have lost what it had published goes on under a new name and key; the old ones end here.

    No two checkpoints of one name can then contradict each other. `told` says from what it was restored to when.
    """
    _only_platform(by)
    now = datetime.now(UTC)
    base = keys.generations()[-1].origin
    ring = _successor(f"{base}/restored-{now:%Y%m%dT%H%M%SZ}", now)
    _commit("journal.restore_log", by, at, {**told, "origin_before": keys.origin(), **_told(ring)}, ring)
    return ring[0]


def _successor(origin: str, ends: datetime) -> list[Generation]:
    """The ring with one more generation; what signed until now signs until `ends`, and never longer than it would."""
    held, now = keys.generations(), datetime.now(UTC)
    last = ends.isoformat(timespec="microseconds")
    new = Generation(held[0].no + 1, origin, now.isoformat(timespec="seconds"))
    return [new, *(Generation(one.no, one.origin, one.since, min(last, one.signs_until or last)) for one in held)]


def _told(ring: list[Generation]) -> dict[str, object]:
    """Verifier keys before and after, of both suites: whoever has the log has the succession."""
    before = [keys.signer().key.text, *national.verifiers_of(keys.generations()[:1])]
    after = [keys.signer_of(ring[0]).key.text, *national.verifiers_of(ring[:1])]
    return {"origin": ring[0].origin, "keys_before": before, "keys": after}


def _commit(code: str, by: Actor, at: datetime, facts: Mapping[str, object], ring: list[Generation]) -> None:
    subject = Ref("log_key", keys.signer_of(ring[0]).key.key_id.hex())
    with transaction.atomic():
        services.record(code=code, by=by, at=at, subject=subject, facts=facts)
        transaction.on_commit(lambda: keys.write_ring(ring))


def _only_platform(by: Actor) -> None:
    if by.kind != "platform":
        raise NotVisible("log_key")
