"""The port for short messages. Nothing is connected to it: no number is asked for and nothing is pretended.

Whoever connects a provider gives an object with this one method, and a settings line that names it; numbers would be kept
as mail addresses are.
"""

from typing import Protocol

from tradehall.messages.transport import Verdict

ABSENCE = "短信提醒尚未接入：需要与运营商签约的发送通道，接入前不收集手机号码。"


class ShortMessages(Protocol):
    def send(self, number: str, text: str) -> Verdict:
        """One attempt, one verdict, as a mail server gives it."""
        ...


PROVIDER: ShortMessages | None = None
