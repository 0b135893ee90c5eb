"""Bytes of a file → rows. JSON lines or CSV, plain or gzip; recognised by content, never by name.

A broken line costs that line only; a gzip cut short costs what follows the cut, and says so once.
"""

import csv
import json
import zlib
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from tradehall.exchange.adapters.rows import Row, Unreadable

CHUNK = 1 << 16
LONGEST_LINE = 16 * 1024 * 1024
LONGEST_QUOTE = 60
GZIP_MAGIC = b"\x1f\x8b"


class UnreadableFile(Exception):
    """Nothing at all can be read from this file."""


class _Cut(Exception):
    """The compressed stream ends or breaks here."""


def read_rows(path: Path) -> Iterator[Row | Unreadable]:
    """Every record of the file in order; raises `UnreadableFile` when there is no header or no file."""
    try:
        handle = path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"无法打开文件：{error.strerror or error}") from error
    with handle:
        yield from rows_of(handle)


def rows_of(handle: BinaryIO) -> Iterator[Row | Unreadable]:
    lines = _numbered_lines(handle)
    first = next(lines, None)
    if first is None:
        raise UnreadableFile("文件是空的")
    number, content = first
    if isinstance(content, Unreadable):
        raise UnreadableFile(content.message)
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] == b"{":
        yield from (_json_row(at, line) for at, line in _chain(number, content, lines) if line.strip())
    else:
        yield from _csv_rows(_header(content), lines)


def _chain(
    number: int, content: bytes, rest: Iterator[tuple[int, bytes | Unreadable]]
) -> Iterator[tuple[int, "_Line"]]:
    yield number, _Line(content)
    for at, line in rest:
        yield at, _Line(line)


class _Line:
    """A physical line, or the reason why there is none."""

    __slots__ = ("content",)

    def __init__(self, content: bytes | Unreadable) -> None:
        self.content = content

    def strip(self) -> object:
        return self.content.strip() if isinstance(self.content, bytes) else self.content


def _chunks(handle: BinaryIO) -> Iterator[bytes]:
    head = handle.read(CHUNK)
    if not head.startswith(GZIP_MAGIC):
        while head:
            yield head
            head = handle.read(CHUNK)
        return
    yield from _inflate(handle, head)


def _inflate(handle: BinaryIO, data: bytes) -> Iterator[bytes]:
    """Bounded pieces, so that a small file cannot fill the memory."""
    stream = zlib.decompressobj(wbits=31)
    while True:
        try:
            piece = stream.decompress(data, CHUNK * 16)
        except zlib.error as error:
            raise _Cut(f"gzip 数据损坏：{error}") from error
        if piece:
            yield piece
        data = stream.unconsumed_tail
        if stream.eof:
            data = stream.unused_data.lstrip(b"\0") or handle.read(CHUNK).lstrip(b"\0")
            if not data:
                return
            stream = zlib.decompressobj(wbits=31)
        elif not data:
            data = handle.read(CHUNK)
            if not data:
                raise _Cut("gzip 文件不完整，从此处起无法读取")


def _numbered_lines(handle: BinaryIO) -> Iterator[tuple[int, bytes | Unreadable]]:
    number, rest = 1, b""
    try:
        for chunk in _chunks(handle):
            parts = (rest + chunk).split(b"\n")
            rest = parts.pop()
            for part in parts:
                yield number, part.rstrip(b"\r")
                number += 1
            if len(rest) > LONGEST_LINE:
                yield number, Unreadable(number, "too_long", f"一行超过 {LONGEST_LINE} 字节，从此处起无法读取")
                return
    except _Cut as cut:
        yield number, Unreadable(number, "truncated", str(cut))
        return
    if rest:
        yield number, rest


def _decode(number: int, content: bytes) -> str | Unreadable:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return Unreadable(number, "utf8", f"第 {error.start + 1} 个字节起不是 UTF-8 文字")
    if "\0" in text:
        return Unreadable(number, "control_character", "含有空字符（NUL），无法保存")
    return text


def make_row(number: int, fields: dict[str, object]) -> Row | Unreadable:
    """Canonical text and digest of a record; the same facts give the same digest from CSV and JSON."""
    raw = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    try:
        encoded = raw.encode("utf-8")
    except UnicodeEncodeError:
        return Unreadable(number, "utf8", "含有不成对的代理字符，不是合法文字")
    if "\\u0000" in raw:
        return Unreadable(number, "control_character", "含有空字符（NUL），无法保存")
    return Row(number, fields, raw, sha256(encoded).hexdigest())


def _refuse_constant(word: str) -> object:
    raise ValueError(f"{word} 不是数字")


def _json_row(number: int, line: _Line) -> Row | Unreadable:
    if isinstance(line.content, Unreadable):
        return line.content
    text = _decode(number, line.content)
    if isinstance(text, Unreadable):
        return text
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, ArithmeticError) as error:
        return Unreadable(number, "json", f"不是完整的 JSON：{str(error)[:120]}", text[:80])
    if not isinstance(value, dict):
        return Unreadable(number, "json", "一行应当是一个 JSON 对象", text[:80])
    return make_row(number, value)


def _header(content: bytes) -> list[str]:
    text = _decode(1, content)
    if isinstance(text, Unreadable):
        raise UnreadableFile(f"首行无法读取：{text.message}")
    try:
        names = [name.strip() for name in next(csv.reader(text.splitlines(keepends=True)), [])]
    except csv.Error as error:
        raise UnreadableFile(f"首行不是 CSV 表头：{error}") from error
    if len(names) < 2 or not all(names) or len(set(names)) != len(names):
        raise UnreadableFile("首行既不是 JSON 对象，也不是 CSV 表头")
    return names


def _csv_rows(header: list[str], lines: Iterator[tuple[int, bytes | Unreadable]]) -> Iterator[Row | Unreadable]:
    waiting: deque[tuple[int, bytes | Unreadable]] = deque()
    while True:
        item = waiting.popleft() if waiting else next(lines, None)
        if item is None:
            return
        number, content = item
        if isinstance(content, Unreadable):
            yield content
        elif content.strip():
            yield _csv_row(header, number, _whole_record(content, waiting, lines))


def _whole_record(
    content: bytes, waiting: deque[tuple[int, bytes | Unreadable]], lines: Iterator[tuple[int, bytes | Unreadable]]
) -> bytes:
    """Lines of one record while a quote is open; a quote that never closes gives its lines back."""
    if content.count(b'"') % 2 == 0:
        return content
    taken: list[tuple[int, bytes | Unreadable]] = []
    record = content
    while len(taken) < LONGEST_QUOTE:
        item = waiting.popleft() if waiting else next(lines, None)
        if item is None:
            break
        taken.append(item)
        if isinstance(item[1], Unreadable):
            break
        record += b"\n" + item[1]
        if record.count(b'"') % 2 == 0:
            return record
    waiting.extendleft(reversed(taken))
    return content


def _csv_row(header: list[str], number: int, content: bytes) -> Row | Unreadable:
    text = _decode(number, content)
    if isinstance(text, Unreadable):
        return text
    try:
        values = next(csv.reader(text.splitlines(keepends=True), strict=True)) if '"' in text else text.split(",")
    except csv.Error as error:
        return Unreadable(number, "csv", f"引号或分隔符不完整：{error}", text[:80])
    if len(values) != len(header):
        return Unreadable(number, "columns", f"应有 {len(header)} 列，实有 {len(values)} 列", text[:80])
    return make_row(number, dict(zip(header, values, strict=True)))
