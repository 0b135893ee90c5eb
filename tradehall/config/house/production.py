"""What production demands of its environment. Every complaint says which variable to set to what; all come at once.

It judges values, before anything is started; whether the database fits is judged when it is migrated.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from tradehall.config.house.instance import HouseError

EXPECTED = "TRADEHALL_STARTED_AS"  # set by `up` for the migration: a command takes a database as it is
LEAST_KEY, LEAST_VARIETY = 32, 10
DEMO_CODES = {"TRADEHALL_NATIONAL_CODE": "11100000000000019F", "TRADEHALL_PLATFORM_CODE": "129901000009900160"}
DEMO_PREFIX = "ocds-demo00"
HTTPS = re.compile(r"https://[^/\s]+")
LOOPBACK = re.compile(r"https?://(127\.0\.0\.1|localhost)([:/]|$)")
MUST_BE_TLS = ("TRADEHALL_NATIONAL_URL", "TRADEHALL_AUTHORITY_URL", "TRADEHALL_HALL_OIDC_ISSUER")
CLOCK = "platform_clock"


def refuse_unfit(environ: Mapping[str, str], home: Path) -> None:
    found = list(complaints(environ, home))
    if found:
        raise HouseError("This environment is not fit for production:\n" + "\n".join(f"- {text}" for text in found))


def complaints(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    for judge in (_address, _names, _national, _database, _secrets, _others):
        yield from judge(environ, home)


def refuse_other_kind(tables: Collection[str], kind: str) -> None:
    """A database is what it was created as. An empty one becomes what it is started as."""
    if "django_migrations" not in tables:
        return
    created = "demo" if CLOCK in tables else "production"
    if (created, kind) == ("demo", "production"):
        raise HouseError(
            "This database was created as a demonstration: its clock can be moved and what it holds is invented. "
            "Production needs a new one: set TRADEHALL_HOME to an empty folder, or DATABASE_URL to an empty database."
        )
    if (created, kind) == ("production", "demo"):
        raise HouseError(
            "This database was created for production, and a demonstration never runs on one. Start it with "
            "`tradehall up --production`, or set TRADEHALL_HOME to another folder for a demonstration."
        )


def _address(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    if not HTTPS.fullmatch(environ.get("TRADEHALL_SITE_URL") or ""):
        yield "TRADEHALL_SITE_URL must be the public address that the TLS proxy serves, such as https://hall.example.gov.cn."
    if not environ.get("TRADEHALL_PROXIES"):
        yield (
            "TRADEHALL_PROXIES must name the addresses of the TLS proxy, whose X-Forwarded-For and -Proto are believed: "
            "127.0.0.1 when it runs on this machine."
        )


def _names(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    if (environ.get("TRADEHALL_OCID_PREFIX") or DEMO_PREFIX) == DEMO_PREFIX:
        yield "TRADEHALL_OCID_PREFIX must be the prefix registered for this publisher (ocds- and six letters or digits)."
    if not environ.get("TRADEHALL_LOG_ORIGIN") and not (home / "keys" / "log-keys.json").exists():
        yield (
            "TRADEHALL_LOG_ORIGIN must be the log's name for ever, without scheme, such as hall.example.gov.cn/log: it "
            "stands in every proof."
        )


def _national(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    if not environ.get("TRADEHALL_NATIONAL_URL"):
        return
    for name, demo in DEMO_CODES.items():
        if (environ.get(name) or demo) == demo:
            yield f"TRADEHALL_NATIONAL_URL is set, so {name} must be the code that was given to this platform."


def _database(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    app, owner = environ.get("DATABASE_URL"), environ.get("DATABASE_OWNER_URL")
    if app and (not owner or owner == app):
        yield (
            "DATABASE_OWNER_URL must be another role than DATABASE_URL: the first migrates, the second owns nothing and "
            "cannot change what is recorded."
        )


def _secrets(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    key = environ.get("TRADEHALL_SECRET_KEY") or ""
    if len(key) < LEAST_KEY or len(set(key)) < LEAST_VARIETY:
        yield (
            f"TRADEHALL_SECRET_KEY is too weak: give {LEAST_KEY} random characters or more by TRADEHALL_SECRET_KEY_FILE, or "
            f"leave it out: {home}/keys/secret_key is made once and kept."
        )
    for path in (home / "keys").rglob("*"):
        if path.is_file() and path.suffix != ".vkey" and path.stat().st_mode & 0o077:
            yield f"{path} may be read by others on this machine: run `chmod 600 {path}`."


def _others(environ: Mapping[str, str], home: Path) -> Iterator[str]:
    for name in MUST_BE_TLS:
        given = environ.get(name) or ""
        if given.startswith("http://") and not LOOPBACK.match(given):
            yield f"{name} must be an https address: {given} would be spoken to in clear."
