"""Files are what their content says, kept once under their digest."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings as SettingsWrapper

from tradehall.documents import rules, selectors, services
from tradehall.documents.models import StoredFile
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.refusal import Refusal

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.mark.django_db
def test_the_same_content_is_kept_once(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    first = services.store(content=PDF, name="招标文件.pdf", by=PLATFORM, at=AT)
    again = services.store(content=PDF, name="../../etc/副本.pdf", by=PLATFORM, at=AT)
    assert first == again and StoredFile.objects.count() == 1
    with selectors.open_file(first.sha256) as opened:
        assert opened.read() == PDF


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("a.pdf", b"MZ\x90\x00\xff", "file_type", id="程序冒充PDF"),
        pytest.param("a.pdf", b"plain", "file_mistyped", id="文本冒充PDF"),
        pytest.param("a.exe", b"plain", "file_type", id="不接受的扩展名"),
        pytest.param("a.txt", b"", "file_empty", id="空文件"),
        pytest.param("a.docx", b"PK\x03\x04broken", "file_type", id="损坏的压缩包"),
    ],
)
def test_mistyped_files_are_refused(name: str, content: bytes, code: str) -> None:
    assert [found.code for found in rules.file_violations(name, content)] == [code]


def test_a_refused_file_leaves_nothing(settings: SettingsWrapper, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    with pytest.raises(Refusal):
        services.store(content=b"", name="a.pdf", by=PLATFORM, at=AT)
    assert not list(tmp_path.rglob("*"))
