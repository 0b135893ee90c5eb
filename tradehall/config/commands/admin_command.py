"""`tradehall admin create LOGIN --name N`: the first administrators of an instance; prints the password once.

Two are needed before anything can be granted. Once two are in force the command refuses: they grant to each next one.
"""

import argparse
import secrets
import sys

from django.db import transaction

from tradehall.accounts.services import create_account
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM
from tradehall.parties import selectors as parties
from tradehall.parties.services import found_administrator

NEEDED = 2


def run(arguments: argparse.Namespace) -> int:
    password, at = secrets.token_urlsafe(15), platform_now()
    with transaction.atomic():
        create_account(by=PLATFORM, at=at, login=arguments.login, name=arguments.name, password=password)
        found_administrator(by=PLATFORM, at=at, login=arguments.login)
    if parties.administrators(at) < NEEDED:
        print("one more administrator is needed before anything can be granted", file=sys.stderr)
    print("the password is shown only now; change it after the first sign-in:", file=sys.stderr)
    print(password)
    return 0
