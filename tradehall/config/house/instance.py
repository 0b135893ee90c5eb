"""One instance below TRADEHALL_HOME: its lock, its state file, its secrets, and the database every command talks to.

A command uses the environment's database, else the running instance's, else starts the embedded one for its duration.
"""

import contextlib
import fcntl
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tradehall.config.house import archive, roles, upgrade
from tradehall.config.house.postgres import SUPERUSER, Postgres

PATIENCE_SECONDS = 300.0  # how long a command waits for another command that has the embedded database


class HouseError(Exception):
    """Something about this machine or this home stops the command; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Urls:
    app: str
    owner: str


@dataclass(frozen=True, slots=True)
class State:
    """What run/instance.json tells other commands."""

    pid: int
    kind: str  # "up" or "command"
    port: int
    database_url: str
    owner_url: str


def home() -> Path:
    return Path(os.environ.get("TRADEHALL_HOME") or "var").resolve()


def port() -> int:
    text = os.environ.get("TRADEHALL_PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65535:
        raise HouseError(f"TRADEHALL_PORT is {text!r}; it must be a port number below 65535.")
    return int(text)


def prepare_home(folder: Path) -> None:
    """Folders and the secret key; the keys are nobody else's to read."""
    try:
        for name in ("run", "log", "files", "keys"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "keys").chmod(0o700)
    except OSError as error:
        raise HouseError(f"TRADEHALL_HOME {folder} cannot be written: {error.strerror}.") from error
    os.environ["TRADEHALL_HOME"] = str(folder)
    os.environ["TRADEHALL_SECRET_KEY"] = os.environ.get("TRADEHALL_SECRET_KEY") or _secret(
        folder / "keys" / "secret_key"
    )


def _secret(path: Path) -> str:
    if not path.exists():
        beside = path.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        beside.rename(path)
    return path.read_text().strip()


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[bool]:
    """True when this process now holds the instance. The kernel lets go of it whatever way we die."""
    with (folder / "run" / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def read_state(folder: Path) -> State | None:
    try:
        return State(**json.loads((folder / "run" / "instance.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def announced(folder: Path, state: State) -> Iterator[None]:
    path = folder / "run" / "instance.json"
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(asdict(state), out)
    beside.rename(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def outside_urls() -> Urls | None:
    """The database of the environment. With one address only, it serves both roles; the doctor says what that costs."""
    app, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if not app and owner:
        raise HouseError("DATABASE_OWNER_URL is set but DATABASE_URL is not: set both, or DATABASE_URL alone.")
    return Urls(app, owner or app) if app else None


def embedded(folder: Path) -> Postgres:
    return Postgres(folder / "db", folder / "log" / "postgres.log", archive=archive.configured(folder / "db"))


def start_embedded(server: Postgres) -> Urls:
    upgrade.take_over_older(server, lambda text: print(f"tradehall: {text}", file=sys.stderr, flush=True))
    server.start()
    roles.create_roles_and_database(server.url(SUPERUSER, "postgres"))
    roles.create_extensions(server.url(SUPERUSER, roles.DATABASE))
    return Urls(server.url(roles.APP, roles.DATABASE), server.url(roles.OWNER, roles.DATABASE))


@contextlib.contextmanager
def database(folder: Path, *, migrated: bool = True) -> Iterator[Urls]:
    """For one command: it waits while another command has the embedded server. The doctor takes the schema as it is."""
    outside = outside_urls()
    if outside:
        yield outside
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with lock(folder) as mine:
            if mine:
                yield from _own_server(folder, migrated)
                return
        state = read_state(folder)
        if state and state.kind == "up":
            yield Urls(state.database_url, state.owner_url)
            return
        time.sleep(0.3)
    raise HouseError(
        f"Another command has used the database of {folder} for {PATIENCE_SECONDS:.0f} s; try again later."
    )


def _own_server(folder: Path, migrated: bool) -> Iterator[Urls]:
    server = embedded(folder)
    try:
        urls = start_embedded(server)
        with announced(folder, State(os.getpid(), "command", port(), urls.app, urls.owner)):
            if migrated:
                migrate(urls)
            yield urls
    finally:
        server.stop()


def environment(process: str, urls: Urls, *, pool: int = 0) -> dict[str, str]:
    """The environment of one kind of process, its timeouts included."""
    options = roles.LIMITS[process].options(roles.server_version(urls.app)) if process in roles.LIMITS else ""
    return {
        **os.environ,
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DJANGO_SETTINGS_MODULE": "tradehall.config.settings",
        "TRADEHALL_PROCESS": process,
        "TRADEHALL_DB_OPTIONS": options,
        "TRADEHALL_DB_POOL": str(pool),
        "PYTHONUNBUFFERED": "1",
    }


def migrate(urls: Urls) -> None:
    """In a process of its own: it alone acts as the owner."""
    env = environment("migrate", Urls(urls.owner, urls.owner)) | {"TRADEHALL_APP_URL": urls.app}
    done = subprocess.run(
        [sys.executable, "-m", "tradehall.config.cli", "migrate"], env=env, capture_output=True, text=True, timeout=900
    )
    if done.returncode:
        log = home() / "log" / "migrate.log"
        log.write_text(done.stderr)
        last = done.stderr.strip().splitlines()[-1:] or ["(it said nothing)"]
        raise HouseError(f"The migrations failed; nothing was started. {last[0]} (all of it: {log})")
