"""The command `tradehall`: what can be asked for, and which part of the house answers.

It parses and prepares (home, database, Django) and does no work itself. A handler gets the parsed arguments and returns
the exit status.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured

from tradehall.config.house import instance, secret_files
from tradehall.config.house.instance import HouseError
from tradehall.config.house.postgres import NoDatabase
from tradehall.kernel.refusal import Refusal

Subparsers = argparse._SubParsersAction
VERIFIABLE = ("proof", "receipt", "opening", "draw", "report", "archive")
# What a command needs before its handler is imported: nothing, a home, Django on the given database, or any database.
NEEDS = {
    "up": "home",
    "verify": "nothing",
    "witness": "nothing",
    "restore": "nothing",
    "doctor": "home",
    "bench": "home",
    "serve": "django",
    "migrate": "django",
}


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="tradehall", description="One electronic hall for a city's public trades.")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = sub.add_parser("up", help="start everything; Ctrl-C ends everything")
    one.add_argument(
        "--production", action="store_true", help="in earnest: no demonstration, every setting judged first"
    )
    _data_commands(sub)
    _provider_commands(sub)
    _checking_commands(sub)
    _keeping_commands(sub)
    _demo_commands(sub)
    one = sub.add_parser("bench", help="measure, beside the physical limit of the same run")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--size", type=int, metavar="N")
    sub.add_parser("doctor", help="say in words what is wrong")
    sub.add_parser("migrate", help="internal: bring the database up to date, as its owner")
    sub.add_parser("serve", help="internal: one process of `up`").add_argument("role", metavar="ROLE")
    return top


def _data_commands(sub: "Subparsers[argparse.ArgumentParser]") -> None:
    one = sub.add_parser("import", help="take in files of notices through the data interface")
    one.add_argument("files", nargs="+", metavar="FILE")
    one.add_argument("--as", dest="adapter", metavar="ADAPTER", help="how to read the files; guessed when not given")
    one.add_argument("--report", metavar="FILE", help="one JSON line for each refused record")
    one = sub.add_parser("export", help="write open data")
    one.add_argument("what", choices=["ocds"])
    one.add_argument("--out", required=True, metavar="FILE.jsonl.gz")
    one.add_argument("--since", type=int, default=0, metavar="POSITION")
    systems = sub.add_parser("system", help="trading systems that may send data").add_subparsers(
        dest="act", required=True
    )
    one = systems.add_parser("add", help="register one; prints its token once")
    one.add_argument("code", metavar="CODE")
    one.add_argument("--name", required=True)
    one.add_argument("--line", required=True)
    one = systems.add_parser("webhook", help="deliver the feed to an address of a system; prints its secret once")
    one.add_argument("code", metavar="CODE")
    one.add_argument("url", metavar="URL")
    one.add_argument("--line", help="only this line")
    one.add_argument("--kind", help="only this kind")
    change = one.add_mutually_exclusive_group()
    change.add_argument("--rotate", action="store_true", help="a new secret; the old one signs along for a day")
    change.add_argument("--end", action="store_true")
    change.add_argument("--resend", type=int, nargs="?", const=-1, metavar="AFTER", help="again from there, or go on")
    own = systems.add_parser("rotate-key", help="a new Ed25519 key of the platform; the old one signs along for a day")
    own.add_argument("--now", action="store_true", help="it was stolen: it ends at once")


def _provider_commands(sub: "Subparsers[argparse.ArgumentParser]") -> None:
    clients = sub.add_parser("client", help="systems that sign people in through us").add_subparsers(
        dest="act", required=True
    )
    one = clients.add_parser("add", help="register one; prints its id and secret once")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--redirect", required=True, nargs="+", metavar="URI", help="compared letter by letter")
    one.add_argument("--backchannel", metavar="URI", help="where to post logout tokens")
    one.add_argument("--logout", nargs="+", metavar="URI", help="where to return after signing out")
    one.add_argument("--start", metavar="URI", help="where its door leads; else the root of the first redirect")
    one.add_argument("--line", metavar="L")
    one.add_argument("--public", action="store_true", help="it cannot keep a secret and gets none")
    admins = sub.add_parser("admin", help="the first administrators").add_subparsers(dest="act", required=True)
    one = admins.add_parser("create", help="two are needed; prints the password once")
    one.add_argument("login", metavar="LOGIN")
    one.add_argument("--name", required=True)
    mail = sub.add_parser("mail", help="what comes back of the mails sent").add_subparsers(dest="act", required=True)
    one = mail.add_parser("bounce", help="note a delivery status notification, as the mail server pipes it in")
    one.add_argument("file", metavar="FILE", help="the notification; - for standard input")
    trust = sub.add_parser("trust", help="certificate authorities whose certificates sign in").add_subparsers(
        dest="act", required=True
    )
    one = trust.add_parser("add", help="trust one; again with --crl to replace its revocation list")
    one.add_argument("file", metavar="CA.pem")
    one.add_argument("--crl", metavar="FILE", help="its revocation lists, and those of its subordinates; PEM or DER")
    keys = sub.add_parser("keys", help="signing keys").add_subparsers(dest="act", required=True)
    one = keys.add_parser("rotate", help="make the next key; the present one stays valid for what it has signed")
    one.add_argument("what", choices=["oidc", "log", "receipts", "columns"])
    one.add_argument("--now", action="store_true", help="the present key was stolen: it ends at once")
    one.add_argument("--overlap", metavar="7d", help="how long the log's old key signs along; 7d when not given")


def _checking_commands(sub: "Subparsers[argparse.ArgumentParser]") -> None:
    one = sub.add_parser("verify", help="check a downloaded file, offline")
    one.add_argument("parts", nargs="+", metavar="FILE", help=f"a file, or one of {', '.join(VERIFIABLE)} and a file")
    one.add_argument("--key", metavar="VKEY", help="the log's verifier key, got some other way than the file")
    one = sub.add_parser("witness", help="cosign a log after a consistency proof")
    one.add_argument("url", metavar="URL")
    one.add_argument("--trust", metavar="VKEY", help="the log's next key, learned some other way than from the log")
    sub.add_parser("conformance", help="pass or fail of a trading system, rule by rule").add_argument(
        "url", metavar="URL"
    )


def _keeping_commands(sub: "Subparsers[argparse.ArgumentParser]") -> None:
    one = sub.add_parser("backup", help="copy database, documents and keys while everything runs")
    one.add_argument("--to", metavar="DIR", help="the archive; that of TRADEHALL_ARCHIVE when not given")
    one.add_argument("--without-keys", action="store_true", help="the keys are kept elsewhere")
    one.add_argument(
        "--keep", type=int, metavar="N", help="remove older copies of the database and the log before them"
    )
    one = sub.add_parser("restore", help="rebuild a home as it was at a chosen second, and prove it")
    one.add_argument("--from", dest="source", required=True, metavar="DIR")
    one.add_argument("--into", required=True, metavar="HOME", help="an empty folder")
    one.add_argument("--at", metavar="TIME", help="RFC 3339; everything the archive has when not given")
    one.add_argument("--keys", metavar="FOLDER", help="the keys, where they were left out of the archive")
    one.add_argument("--keys-only", action="store_true", help="unseal the keys, nothing else")
    one.add_argument("--incarnation", metavar="NAME", help="which one, when the archive holds several")
    one = sub.add_parser("audit", help="prove everything again: log, receipts, documents")
    one.add_argument("--restored", metavar="FILE", help=argparse.SUPPRESS)


def _demo_commands(sub: "Subparsers[argparse.ArgumentParser]") -> None:
    demo = sub.add_parser("demo", help="the demonstration city")
    demo.add_argument("--projects", type=int, metavar="N")
    demo.add_argument("--peers", action="store_true")
    acts = demo.add_subparsers(dest="act")
    clock = acts.add_parser("clock", help="move the platform's clock").add_mutually_exclusive_group(required=True)
    clock.add_argument("--to", metavar="TIME", help="RFC 3339, or YYYY-MM-DD HH:MM in Beijing")
    clock.add_argument("--advance", metavar="21d", help="number and s, m, h or d")
    acts.add_parser("accounts").add_argument("--json", action="store_true")


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    try:
        return _prepare_and_run(arguments)
    except (HouseError, NoDatabase, ImproperlyConfigured, Refusal) as error:
        print(f"tradehall: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"tradehall: {error.filename or 'input or output'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("tradehall: stopped", file=sys.stderr)
        return 130


def _prepare_and_run(arguments: argparse.Namespace) -> int:
    secret_files.load(os.environ)
    need = NEEDS.get(arguments.command, "database")
    if need == "nothing":
        return _handle(arguments)
    instance.prepare_home(instance.home())
    if need == "home":
        return _handle(arguments)
    if need == "django":
        django.setup()
        return _handle(arguments)
    with instance.database(instance.home()) as urls:
        os.environ.update(instance.environment("command", urls))
        django.setup()
        return _handle(arguments)


def _handle(arguments: argparse.Namespace) -> int:
    """Handlers are found by name, after Django is ready: most of them import models."""
    module = importlib.import_module(f"tradehall.config.commands.{arguments.command}_command")
    status: int = module.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
