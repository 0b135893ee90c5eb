"""`tradehall system add|webhook|rotate-key`: registers a trading system or its webhook; secrets are printed once."""

import argparse
import sys

from tradehall.accounts.services import add_system
from tradehall.config.house.instance import HouseError
from tradehall.exchange import following, signing, webhooks
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import NotVisible
from tradehall.reference.lines import lines


def run(arguments: argparse.Namespace) -> int:
    if arguments.act == "webhook":
        return _webhook(arguments)
    if arguments.act == "rotate-key":
        print(signing.rotate_webhook_key(by=PLATFORM, at=platform_now(), is_stolen=arguments.now).public_key)
        return 0
    return _add(arguments)


def _add(arguments: argparse.Namespace) -> int:
    known = [line.code for line in lines()]
    if arguments.line not in known:
        raise HouseError(
            f"There is no line {arguments.line!r}; there are {', '.join(known)}. No system was registered."
        )
    new = add_system(by=PLATFORM, at=platform_now(), code=arguments.code, name=arguments.name, line=arguments.line)
    print("the token is shown only now; keep it:", file=sys.stderr)
    print(new.token)
    return 0


def _webhook(arguments: argparse.Namespace) -> int:
    at = platform_now()
    if not (arguments.rotate or arguments.end or arguments.resend is not None):
        return _subscribe(arguments)
    webhook_no = _standing(arguments.code, arguments.url).webhook_no
    if arguments.rotate:
        return _show(webhooks.rotate_webhook(by=PLATFORM, at=at, webhook_no=webhook_no))
    if arguments.end:
        webhooks.end_webhook(by=PLATFORM, at=at, webhook_no=webhook_no)
        print(f"ended {webhook_no}")
        return 0
    after = arguments.resend if arguments.resend >= 0 else None
    print(f"resending after {webhooks.resend_webhook(by=PLATFORM, at=at, webhook_no=webhook_no, after=after).position}")
    return 0


def _subscribe(arguments: argparse.Namespace) -> int:
    try:
        made = webhooks.add_webhook(
            by=PLATFORM, at=platform_now(), system=arguments.code, url=arguments.url, line=arguments.line,
            kind=arguments.kind,
        )  # fmt: skip
    except NotVisible as absent:
        raise HouseError(f"There is no system {arguments.code!r}: register it with `tradehall system add`.") from absent
    return _show(made)


def _show(made: webhooks.NewWebhook) -> int:
    print("the secret is shown only now; keep it:", file=sys.stderr)
    print(made.secret)
    return 0


def _standing(code: str, url: str) -> following.Webhook:
    found = next((one for one in following.webhooks_of(code) if one.url == url), None)
    if found is None:
        raise HouseError(f"The system {code!r} has no webhook with this address. Nothing was changed.")
    return found
