"""The archive: a folder on another disk that receives what is committed, while it is committed.

One folder an incarnation of the database (a new or a restored cluster is a new one), because logs of two incarnations
must never mix. Below it the write-ahead log, base backups and sealed keys; beside them the documents, once each. It
decides nothing about restoring.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

VARIABLE = "TRADEHALL_ARCHIVE"
OFF = "off"
CLOSED = "closed"  # in an incarnation's folder: it went on without its archive, so the archive does not know its end
SLOT = "tradehall_archive"
RETRY_SECONDS = 5.0
EXPLANATION = """This folder holds backups of a trading platform: `tradehall restore --from THIS --into HOME [--at TIME]`.
files/          documents under their SHA-256, once each
*/wal/          everything that was committed, streamed while it was committed
*/base/         whole copies of the database
*/keys/         the keys, sealed with a passphrase that is not here
"""


@dataclass(frozen=True, slots=True)
class Base:
    """One whole copy of the database, as its backup.json tells."""

    folder: Path
    began_at: datetime
    ended_at: datetime
    first_segment: str
    incarnation: str


@dataclass(frozen=True, slots=True)
class Archive:
    root: Path
    incarnation: str

    @classmethod
    def of(cls, root: Path, db: Path) -> "Archive":
        """The place of this cluster in the archive; its name is made when it is first asked for."""
        db.mkdir(parents=True, exist_ok=True)
        path = db / "incarnation"
        if not path.exists():
            name_incarnation(db)
        made = cls(root, path.read_text().strip())
        for folder in (made.wal, made.bases, made.keys, made.files):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (root / made.incarnation, made.files):
            folder.chmod(0o700)
        (root / "README.txt").write_text(EXPLANATION)
        return made

    @property
    def wal(self) -> Path:
        return self.root / self.incarnation / "wal"

    @property
    def bases(self) -> Path:
        return self.root / self.incarnation / "base"

    @property
    def keys(self) -> Path:
        return self.root / self.incarnation / "keys"

    @property
    def files(self) -> Path:
        return self.root / "files"


def place(db: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Of the environment; else where this cluster has been archived until now: a command that was started without the
    variable must not go on unseen."""
    given, kept = environ.get(VARIABLE) or "", db / "archive"
    if given:
        return None if given == OFF else Path(given).resolve()
    return Path(kept.read_text().strip()) if kept.exists() else None


def configured(db: Path, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The same for whoever starts the server: `off` ends the archiving, and the archive is told."""
    kept = db / "archive"
    if environ.get(VARIABLE) == OFF and kept.exists():
        close(db)
        kept.unlink()
    return place(db, environ)


def close(db: Path) -> None:
    """This cluster's part of the archive ends here, and what comes is another's."""
    kept, name = db / "archive", db / "incarnation"
    if kept.exists() and name.exists():
        (Path(kept.read_text().strip()) / name.read_text().strip() / CLOSED).touch()
    name.unlink(missing_ok=True)


def is_last(base: Base) -> bool:
    """No other cluster has gone on after this one, as far as the archive knows."""
    folder = base.folder.parents[1]
    later = [other for other in folder.parent.glob("*/wal") if other.parent.name > folder.name]
    return not later and not (folder / CLOSED).exists()


def remember(root: Path, db: Path) -> None:
    (db / "archive").write_text(f"{root}\n")


def name_incarnation(db: Path) -> None:
    """A new name for this cluster; called for a new one, and for one that was just restored."""
    made = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    draft = db / "incarnation.new"
    draft.write_text(made + "\n")
    draft.replace(db / "incarnation")


def bases(root: Path) -> list[Base]:
    """Every finished base backup of every incarnation, oldest first."""
    found = [read_base(path.parent) for path in root.glob("*/base/*/backup.json")]
    return sorted(found, key=lambda base: base.ended_at)


def read_base(folder: Path) -> Base:
    told = json.loads((folder / "backup.json").read_text())
    began, ended = (datetime.fromisoformat(told[name]) for name in ("began_at", "ended_at"))
    return Base(folder, began, ended, told["first_segment"], folder.parents[1].name)


def write_base(base: Base) -> None:
    """Last of all, so that a backup that broke off is none."""
    told = {name: str(value) for name, value in asdict(base).items() if name != "folder"}
    draft = base.folder / "backup.json.new"
    draft.write_text(json.dumps(told, indent=1) + "\n")
    draft.replace(base.folder / "backup.json")


@dataclass(slots=True)
class Receiver:
    """`pg_receivewal` as our child: it holds a replication slot, so that the server keeps what it has not received."""

    binaries: Path
    folder: Path
    url: str
    log: Path
    _process: "subprocess.Popen[bytes] | None" = field(init=False, default=None)
    _tried: float = field(init=False, default=0.0)

    def keep(self) -> None:
        is_gone = self._process is None or self._process.poll() is not None
        if is_gone and time.monotonic() >= self._tried + RETRY_SECONDS * bool(self._tried):
            self._tried = time.monotonic()
            self._start()

    def stop(self) -> None:
        process, self._process = self._process, None
        for how in (signal.SIGINT, signal.SIGKILL):
            if process and process.poll() is None:
                process.send_signal(how)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)

    def _start(self) -> None:
        """The slot first, by itself: made once, and it survives everything but a restore."""
        command = [str(self.binaries / "pg_receivewal"), "-d", self.url, f"--slot={SLOT}", "-w"]
        with self.log.open("ab") as out:
            subprocess.run([*command, "--create-slot", "--if-not-exists"], stdout=out, stderr=out, timeout=60)
            watched = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
            self._process = subprocess.Popen(
                [*watched, *command, "-D", str(self.folder), "--synchronous"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0,
            )  # fmt: skip
