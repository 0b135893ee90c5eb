"""Mails that come back: a notification of a final failure counts, and nothing else that looks like one."""

import pytest

from tradehall.messages.bounces import Bounce, read_bounce
from tradehall.messages.rules import network_of

NOTICE = """From: MAILER-DAEMON@mail.example
To: noreply@hall.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

I am sorry.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; lin@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such
 person here

--B
Content-Type: {kind}

Message-ID: <d0123@hall.example>
Subject: hello

text

--B--
"""


def notice(action: str = "failed", status: str = "5.1.1", kind: str = "message/rfc822") -> bytes:
    return NOTICE.format(action=action, status=status, kind=kind).replace("\n", "\r\n").encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_final_failure_names_the_mail_and_the_reason(kind: str) -> None:
    found = read_bounce(notice(kind=kind))
    assert found == Bounce("<d0123@hall.example>", "5.1.1 smtp; 550 5.1.1 no such person here")


@pytest.mark.parametrize(
    "raw",
    [notice(action="delayed", status="4.4.1"), notice(action="delivered", status="2.0.0"), notice(status="4.2.2"),
     notice(kind="text/plain"), b"", b"\xff\x00", b"Subject: out of office\r\n\r\nback on Monday"],
)  # fmt: skip
def test_what_is_no_final_failure_counts_for_nothing(raw: bytes) -> None:
    assert read_bounce(raw) is None


def test_a_network_address_stands_for_its_household() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("203.0.113.7") != network_of("203.0.113.8") and network_of("") == network_of("unix") == ""
