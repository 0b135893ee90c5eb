"""Three tiers of certificates for tests: a root, an authority below it, and a person; any of them can be made wrong."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import x509

from tradehall.crypto import certificates, issuing
from tradehall.crypto.issuing import Holder, Wish

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CODE = "91310000MA1FL0000N"


def wish(name: str, **changes: object) -> Wish:
    return replace(Wish(name, AT - 30 * DAY, AT + 300 * DAY), **changes)


@cache
def authorities(kind: str) -> tuple[Holder, Holder]:
    """Root and middle, made once for each kind: keys are slow to make."""
    dates = {"valid_from": AT - 900 * DAY, "valid_until": AT + 900 * DAY, "is_authority": True}
    root = issuing.issue(wish(f"测试根 {kind}", **dates), issuing.make_key(kind))
    return root, issuing.issue(wish(f"测试中级 {kind}", **dates), issuing.make_key(kind), root)


@cache
def key(kind: str) -> bytes:
    return issuing.make_key(kind)


def person(kind: str, name: str = "陈岚", **changes: object) -> Holder:
    return issuing.issue(wish(name, **changes), key(kind), authorities(kind)[1])


def store(*kinds: str, lists: Iterable[bytes] = ()) -> certificates.TrustStore:
    roots = tuple(authorities(kind)[0].certificate for kind in kinds)
    return certificates.TrustStore(roots, tuple(one for data in lists for one in certificates.parse_lists(data)))


def altered(holder: Holder, name: str = "别人") -> x509.Certificate:
    """Another name under the same signature."""
    body = holder.certificate["tbs_certificate"].copy()
    body["subject"] = x509.Name.build({"country_name": "CN", "common_name": name})
    return issuing.seal(body, holder.private, holder.certificate["signature_value"].native)
