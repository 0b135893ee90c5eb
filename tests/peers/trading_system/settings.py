"""What the operator of a trading system has to know: where the platform is, and what it gave him when he registered."""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    port: int
    issuer: str  # the platform's own address, letter by letter
    client_id: str
    client_secret: str  # shown once by `tradehall client add`
    token: str  # shown once by `tradehall system add`; without it nothing is pushed or followed
    name: str
    line: str
    store: Path
    lives_with: int  # ends when this process does; 0: never by itself

    @property
    def own(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def callback(self) -> str:
        return f"{self.own}/callback"

    @property
    def goodbye(self) -> str:
        return f"{self.own}/goodbye"


def read_settings(words: list[str] | None = None) -> Settings:
    """Secrets come by the environment: arguments can be read by everybody on the machine."""
    parser = argparse.ArgumentParser(prog="trading_system", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--issuer", required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--name", default="参考交易系统")
    parser.add_argument("--line", default="works", choices=["works", "procurement", "land", "property", "others"])
    parser.add_argument("--store", type=Path, default=Path("trading_system.sqlite3"))
    parser.add_argument("--lives-with", type=int, default=0, metavar="PID")
    given = parser.parse_args(words)
    secret, token = os.environ.get("TRADING_CLIENT_SECRET", ""), os.environ.get("TRADING_TOKEN", "")
    issuer = given.issuer.rstrip("/")
    return Settings(
        given.port, issuer, given.client_id, secret, token, given.name, given.line, given.store, given.lives_with
    )
