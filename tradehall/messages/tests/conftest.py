"""A real mail server beside these stories, and people who follow things."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from tests.peers.mail.running import Mail, running


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Mail]:
    with running() as peer:
        yield peer


@pytest.fixture
def mail(mail_server: Mail, settings: LazySettings) -> Mail:
    """Well behaved and empty at the beginning of each story."""
    settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_SECURITY = "127.0.0.1", mail_server.port, "none"
    settings.MAIL_SECONDS, settings.SITE_URL = 5, "https://hall.example"
    mail_server.told(refuse={}, refuse_data="", later=0, hold_s=0, gone=False, received=[])
    return mail_server
