"""What a file really is, told by its content, and which contents are taken. Pure.

Trusts no name and no declared type; refuses what claims to be something else.
"""

import io
import json
import zipfile

from tradehall.kernel.refusal import Violation

MAX_BYTES = 100 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "docx": _OFFICE + "wordprocessingml.document",
    "xlsx": _OFFICE + "spreadsheetml.sheet",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
    "xml": "application/xml",
    "json": "application/json",
}
_ALIASES = {"jpeg": "jpg", "csv": "txt", "md": "txt"}
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"PK\x03\x04", "zip"))
_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("OFD.xml", "ofd"))
_TEXT = ("txt", "xml", "json")


def sniff(content: bytes) -> str | None:
    """The kind of content, or None when it is none that is taken."""
    found = next((kind for magic, kind in _MAGIC if content.startswith(magic)), None)
    if found == "zip":
        return _inside(content)
    return found or _text_kind(content)


def file_violations(name: str, content: bytes) -> list[Violation]:
    """All reasons why a file of this name and content is not taken."""
    if not content:
        return [Violation("file_empty", f"文件是空的：{name}；没有保存，请重新上传", field="content")]
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        return [Violation("file_too_large", f"文件超过 {limit} MB：{name}；没有保存，请压缩或拆分", field="content")]
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    claimed, found = _ALIASES.get(suffix, suffix), sniff(content)
    if found is None or claimed not in MEDIA_TYPES:
        kinds = "、".join(MEDIA_TYPES)
        return [Violation("file_type", f"不接受这种文件：{name}；可以上传 {kinds}", field="name")]
    if claimed != found and not (claimed == "txt" and found in _TEXT):
        return [Violation("file_mistyped", f"{name} 的内容是 {found}，与扩展名不符；没有保存", field="name")]
    return []


def _inside(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((kind for part, kind in _PARTS if part in names), "zip")


def _text_kind(content: bytes) -> str | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    head = text.lstrip()[:1]
    if head == "<":
        return "xml"
    return "json" if head and head in "{[" and _is_json(text) else "txt"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
