"""`tradehall mail bounce`: a returned mail is noted once it is known to be ours, and anything else is said to be nothing."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tradehall.config import cli
from tradehall.config.commands import mail_command
from tradehall.config.house.instance import HouseError
from tradehall.config.settings import mail_password_file, mail_sender
from tradehall.messages.models import Delivery
from tradehall.messages.tests.followers import ask
from tradehall.messages.tests.test_bounces import notice

pytestmark = pytest.mark.django_db


def test_a_returned_mail_of_ours_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask("lin@example.com")
    Delivery.objects.update(mail_id="<d0123@hall.example>")
    file = tmp_path / "returned.eml"
    file.write_bytes(notice())
    assert mail_command.run(cli.parser().parse_args(["mail", "bounce", str(file)])) == 0
    assert "5.1.1" in capsys.readouterr().out
    found = Delivery.objects.select_related("contact").get()
    assert found.bounced_at and found.contact.refused_at and found.answer.startswith("5.1.1")


def test_what_is_not_ours_or_no_notification_is_said_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.eml"
    for raw, words in ((notice(), "No mail of ours"), (b"Subject: hello\r\n\r\n", "no delivery status notification")):
        file.write_bytes(raw)
        with pytest.raises(HouseError, match=words):
            mail_command.run(cli.parser().parse_args(["mail", "bounce", str(file)]))


def test_settings_of_a_mail_server_are_judged_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    password = tmp_path / "password"
    password.write_text("secret")
    monkeypatch.delenv("TRADEHALL_MAIL_SENDER", raising=False)
    with pytest.raises(ImproperlyConfigured, match="TRADEHALL_MAIL_SENDER"):
        mail_sender("mail.example")
    monkeypatch.setenv("TRADEHALL_MAIL_SENDER", "notice@trade.example")
    assert mail_sender("mail.example") == "notice@trade.example" and mail_password_file("", "none") == ""
    for file, security in (("", "starttls"), (str(password), "none")):
        monkeypatch.setenv("TRADEHALL_MAIL_PASSWORD_FILE", file)
        with pytest.raises(ImproperlyConfigured, match="TRADEHALL_MAIL_PASSWORD_FILE"):
            mail_password_file("notice", security)
    assert mail_password_file("notice", "tls") == str(password)
