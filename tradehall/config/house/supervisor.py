"""`tradehall up`: the database, then the processes, kept alive until Ctrl-C; nothing outlives it.

It knows processes, ports and logs, and nothing of Django: what a process does is `tradehall serve ROLE`.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from tradehall.config.house import instance
from tradehall.config.house.instance import HouseError, State, Urls
from tradehall.config.house.postgres import Postgres, tail

POOLS = {
    "web": 18, "push": 4, "worker": 6, "sealer": 0, "follower": 0, "courier": 10, "national": 8, "messenger": 5,
}  # fmt: skip
BIND = "127.0.0.1"
ORPHANS = {"worker": "KILL"}  # told to end without its database, the worker would wait for it half a minute
STOP_SECONDS = 10.0
HEALTHY_SECONDS = 120.0
SETTLED_SECONDS = 3.0
RESTARTS_A_MINUTE = 5
LOG_BYTES = 20 * 2**20


@dataclass(slots=True)
class Child:
    role: str
    env: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        """In its own process group, so that Ctrl-C reaches us alone; ends by itself when we are killed."""
        watched = ["setpriv", "--pdeathsig", ORPHANS.get(self.role, "TERM")] if shutil.which("setpriv") else []
        self.started = [*[at for at in self.started if at > time.monotonic() - 60], time.monotonic()]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*watched, sys.executable, "-m", "tradehall.config.cli", "serve", self.role],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                process_group=0,
            )

    def signal_group(self, how: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)

    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None


@dataclass(slots=True)
class Supervisor:
    folder: Path
    port: int
    bind: str = BIND
    roles: tuple[str, ...] = tuple(POOLS)
    server: Postgres | None = None
    children: list[Child] = field(default_factory=list)
    asked_to_stop: bool = False

    def run(self) -> int:
        for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(how, self._stop_asked)
        with instance.lock(self.folder) as mine:
            if not mine:
                raise HouseError(_occupied(self.folder))
            for role, number, what in (("web", self.port, "pages"), ("push", self.port + 1, "push")):
                if role in self.roles:
                    refuse_taken_port(number, what, self.bind)
            try:
                return self._run()
            finally:
                self._stop_all()

    def _run(self) -> int:
        urls = instance.outside_urls()
        if urls is None:
            _say("starting PostgreSQL")
            self.server = instance.embedded(self.folder)
            urls = instance.start_embedded(self.server)
        state = State(os.getpid(), "up", self.port, urls.app, urls.owner)
        with instance.announced(self.folder, state):
            _say("bringing the database up to date")
            instance.migrate(urls)
            self._first_start(urls)
            if self.asked_to_stop:
                return 0
            self._start_children(urls)
            self._wait_until_healthy()
            while not self.asked_to_stop:
                self._keep_alive()
                time.sleep(0.3)
        return 0

    def _first_start(self, urls: Urls) -> None:
        """Keys and the demonstration city; `serve first-start` decides whether there is anything to do."""
        child = subprocess.Popen(
            [sys.executable, "-m", "tradehall.config.cli", "serve", "first-start"],
            env=instance.environment("command", urls),
            process_group=0,
        )
        while child.poll() is None and not self.asked_to_stop:
            time.sleep(0.1)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
            child.wait(STOP_SECONDS)
        elif child.returncode:
            raise HouseError(
                "The first start did not come to its end; the reason stands above. Nothing else was started."
            )

    def _start_children(self, urls: Urls) -> None:
        for role in self.roles:
            log = self.folder / "log" / f"{role}.log"
            rotate(log)
            self.children.append(Child(role, instance.environment(role, urls, pool=POOLS[role]), log))
        for child in self.children:
            child.start()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        told = False
        while not self.asked_to_stop:
            self._keep_alive()
            if self._is_healthy():
                print(f"http://{self.bind}:{self.port}/" if "web" in self.roles else ", ".join(self.roles), flush=True)
                return
            if time.monotonic() > deadline and not told:
                _say(
                    f"not healthy after {HEALTHY_SECONDS:.0f} s: see http://{self.bind}:{self.port}/healthz and {self.folder}/log"
                )
                told = True
            time.sleep(0.2)

    def _is_healthy(self) -> bool:
        """Without pages on this host there is nobody to ask: then each process has lived for a moment."""
        if "web" in self.roles:
            return is_healthy(self.port, self.bind)
        return all(child.started[-1] < time.monotonic() - SETTLED_SECONDS for child in self.children)

    def _keep_alive(self) -> None:
        if self.server and self.server.returncode is not None:
            _say("PostgreSQL ended; starting it again")
            self.server.start()
        if self.server:
            self.server.keep_archiving()
        for child in self.children:
            if child.is_dead() and not self.asked_to_stop:
                child.signal_group(signal.SIGKILL)  # what a killed parent left behind
                if (
                    len(child.started) >= RESTARTS_A_MINUTE
                    and child.started[-RESTARTS_A_MINUTE] > time.monotonic() - 60
                ):
                    raise HouseError(
                        f"{child.role} ends again and again. Its log ({child.log}) ends:\n{tail(child.log)}"
                    )
                _say(f"{child.role} ended; starting it again (log: {child.log})")
                child.start()

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _stop_all(self) -> None:
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and not all(child.is_dead() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            if child.process:
                child.process.wait(5)
        if self.server:
            self.server.stop()


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def chosen(text: str) -> tuple[str, ...]:
    """The processes of this host: TRADEHALL_PROCESSES, with commas; all of them when it is empty."""
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [name for name in names if name not in POOLS]
    if unknown:
        raise HouseError(f"TRADEHALL_PROCESSES names {', '.join(unknown)}; there are {', '.join(POOLS)}.")
    return names or tuple(POOLS)


def refuse_taken_port(number: int, what: str, bind: str = BIND) -> None:
    if is_taken(number, bind):
        raise HouseError(
            f"Port {number} ({what}) is taken by another program. Stop it, or set TRADEHALL_PORT to another port."
        )


def is_taken(number: int, bind: str = BIND) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((bind, number))
        except OSError:
            return True
    return False


def is_healthy(port: int, bind: str = BIND) -> bool:
    try:
        with urllib.request.urlopen(f"http://{bind}:{port}/healthz", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _occupied(folder: Path) -> str:
    state = instance.read_state(folder)
    if state and state.kind == "up":
        return f"tradehall is already up here (process {state.pid}): http://127.0.0.1:{state.port}/"
    return f"Another command is using {folder}; wait until it has ended."


def _say(text: str) -> None:
    print(f"tradehall: {text}", file=sys.stderr, flush=True)
