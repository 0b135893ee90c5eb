"""Four reference trading systems beside a running demonstration, one a line, and the registry office: each its own process.

Their secrets lie in TRADEHALL_HOME/run, for the next start. They end by themselves when the instance does.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tradehall.accounts import services as accounts
from tradehall.accounts.oidc.clients import open_system, register_client
from tradehall.config.demo import offices
from tradehall.config.house import instance
from tradehall.config.house.instance import HouseError, State
from tradehall.config.house.supervisor import is_taken
from tradehall.kernel.actor import PLATFORM

NAMES = {
    "works": "建设工程交易系统（参考）",
    "procurement": "政府采购交易系统（参考）",
    "land": "土地矿权交易系统（参考）",
    "property": "产权交易系统（参考）",
}
PROGRAM = "tests.peers.trading_system"
FIRST_PORT = 6  # above the platform's own port, which with its push port stays free
MOST_PORTS = 200
START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Peer:
    line: str
    name: str
    port: int
    client_id: str
    client_secret: str
    token: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def start(at: datetime) -> list[Peer]:
    """All four answer when this returns; those that already run are left alone."""
    _refuse_without_program()
    folder = instance.home()
    state = instance.read_state(folder)
    if state is None or state.kind != "up":
        raise HouseError("The reference systems sign people in with a running platform: start `tradehall up` first.")
    peers = _registered(folder, state, at)
    starting = [_launch(peer, folder, state) for peer in peers if not is_taken(peer.port)]
    deadline = time.monotonic() + START_SECONDS
    for peer in peers:
        while not is_taken(peer.port):
            if time.monotonic() > deadline or any(child.poll() is not None for child in starting):
                raise HouseError(f"{peer.name} did not start; see {_log(folder, peer)}.")
            time.sleep(0.1)
    return peers


def office() -> str | None:
    """The address of the registry office that registrations are compared with; it ends with the running instance."""
    state = instance.read_state(instance.home())
    return offices.start(state.pid) if state and state.kind == "up" else None


def _refuse_without_program() -> None:
    if not (settings.ROOT / PROGRAM.replace(".", "/")).is_dir():
        raise HouseError(f"The reference systems ({PROGRAM}) come with the source tree only.")


def _registered(folder: Path, state: State, at: datetime) -> list[Peer]:
    path = folder / "run" / "peers.json"
    kept = [Peer(**one) for one in json.loads(path.read_text())] if path.exists() else []
    if kept and all(open_system(peer.client_id) for peer in kept):
        return kept
    made, port = [], state.port + FIRST_PORT
    for line, name in NAMES.items():
        port = _free_port(port)
        made.append(_register(line, name, port, at))
        port += 1
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump([asdict(peer) for peer in made], out)
    return made


def _register(line: str, name: str, port: int, at: datetime) -> Peer:
    own = f"http://127.0.0.1:{port}"
    client = register_client(
        by=PLATFORM, at=at, name=name, line=line, redirects=[f"{own}/callback"], backchannel=f"{own}/backchannel",
        logouts=[f"{own}/goodbye"], start=f"{own}/login",
    )  # fmt: skip
    system = accounts.add_system(by=PLATFORM, at=at, code=f"REF-{line}-{port}", name=name, line=line)
    return Peer(line, name, port, client.system.client_id, client.secret or "", system.token)


def _free_port(first: int) -> int:
    found = next((port for port in range(first, first + MOST_PORTS) if not is_taken(port)), None)
    if found is None:
        raise HouseError(f"No port from {first} on is free for the reference systems.")
    return found


def _launch(peer: Peer, folder: Path, state: State) -> "subprocess.Popen[bytes]":
    """Secrets by the environment; nothing of the platform's own environment goes along."""
    known = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    secrets = {"TRADING_CLIENT_SECRET": peer.client_secret, "TRADING_TOKEN": peer.token}
    words = ["--port", str(peer.port), "--issuer", _issuer(state), "--client-id", peer.client_id]
    words += ["--name", peer.name, "--line", peer.line, "--store", str(folder / "run" / f"peer-{peer.line}.sqlite3")]
    with _log(folder, peer).open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *words, "--lives-with", str(state.pid)],
            cwd=settings.ROOT, env=known | secrets, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip


def _issuer(state: State) -> str:
    """What the running platform calls itself, which its systems must know letter by letter."""
    address = f"http://127.0.0.1:{state.port}/.well-known/openid-configuration"
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(json.load(answer)["issuer"])


def _log(folder: Path, peer: Peer) -> Path:
    return folder / "log" / f"peer-{peer.line}.log"
