"""The package of one message: XML head and context, the JSON form, the attachments, in one zip; and its signature.

The form is docs/decisions/0010 (provisional: the norm's own text was not at hand). The same message makes the same
bytes, whoever packs it and however often.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings

from tradehall.crypto.digests import sha256_hex
from tradehall.documents import selectors as documents
from tradehall.exchange import signing
from tradehall.exchange.models import NationalMessage
from tradehall.exchange.registry.load import data_sets
from tradehall.journal import national as suite
from tradehall.kernel.times import to_beijing

ADD, MODIFY, DELETE = "1", "2", "3"
ED25519, SM2 = "ed25519", "sm2"
BLOCK = 2**20
LARGEST_BYTES = 50 * 2**20
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PackageKey:
    """A public key that packages are verified with. `since` unknown: from the beginning. `until` None: it goes on."""

    algorithm: str
    key: str
    since: datetime | None
    until: datetime | None


def pack(message: NationalMessage, data_type: str) -> Package:
    """Raises `OSError` or `NotVisible` when an attachment is not where it should be."""
    body = json.loads(message.body)
    name = name_of(message)
    files = {one["guid"]: _content(one) for one in body["attachments"]}
    held = {guid: content for guid, content in files.items() if content is not None}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, f"{name}.xml", _xml(message, body, data_type))
        _add(packed, f"{name}.json", message.body.encode())
        for guid, content in held.items():
            _add(packed, guid, content)
    return Package(name, buffer.getvalue())


def name_of(message: NationalMessage) -> str:
    """`yyyyMMdd-<serial>-<DATA_NO>`; the data set's name stands where the number of the norm is not known."""
    return f"{message.stated_on:%Y%m%d}-{message.pk:06d}-{_number(message.data_set)}"


def signature(method: str, path: str, name: str, content: bytes) -> Mapping[str, str]:
    """Headers over method, path, name (or time) and digest: by the platform's key, and by SM2 with the national suite.

    While a key is being changed the old one signs along, after the new one: each algorithm may stand there twice, and
    one valid signature is enough. Whoever reads the last of a kind goes on with the key he knows.
    """
    signed = "\n".join((method, path, name, sha256_hex(content))).encode()
    parts = [f"{ED25519}={_base64(one)}" for one in signing.signatures(signed)]
    parts += [f"{SM2}={_base64(one)}" for one in suite.signatures(signed)]
    return {"Package-Name": name, "Package-Signature": ", ".join(parts), "Package-Sender": settings.PLATFORM_CODE}


def signing_keys() -> list[PackageKey]:
    """All that sign, will have signed or did, the newest of each algorithm first: what the other side is told of."""
    found = [PackageKey(ED25519, one.public_key, one.created_at, one.until_at) for one in signing.all_keys()]
    for text, one in suite.dated_verifiers():
        found.append(PackageKey(SM2, text, _moment(one.since), _moment(one.signs_until)))
    return found


def _xml(message: NationalMessage, body: Mapping[str, dict[str, str]], data_type: str) -> bytes:
    root = Element("package")
    _children(SubElement(root, "title"), _head(message, data_type))
    context = SubElement(root, "context")
    if data_type != DELETE:
        _children(context, body["fields"])
    for one in body["attachments"]:
        assert isinstance(one, dict)
        _children(SubElement(root, "SOURCE"), _source(one))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _head(message: NationalMessage, data_type: str) -> dict[str, str]:
    one = data_sets().get(message.data_set)
    return {
        "FROM_PLATFORM_CODE": settings.PLATFORM_CODE, "TO_PLATFORM_CODE": settings.NATIONAL_CODE,
        "DATA_NO": _number(message.data_set), "DATA_EN": message.data_set, "DATA_CN": one.label if one else message.data_set,
        "DATA_TYPE": data_type, "DATA_KEY": message.data_key, "DATA_VERSION": message.version,
        "DATA_DIGEST": message.digest, "DATA_TIMESTAMP": to_beijing(message.stated_at).strftime("%Y%m%d%H%M%S"),
        "ROUTE_WAY": settings.PLATFORM_CODE,
    }  # fmt: skip


def _source(one: Mapping[str, object]) -> dict[str, str]:
    """The norm wants MD5 in upper case; it protects nothing, the signature and SHA-256 do."""
    with documents.open_file(str(one["sha256"])) as file:
        digest = _md5()
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    md5 = digest.hexdigest().upper()
    return {
        "FILE_CODE": str(one["guid"]), "FILE_NAME": str(one["name"]), "FILE_TYPE": str(one["media_type"]),
        "FILE_SIZE": str(one["size"]), "SHA256": str(one["sha256"]), "MD5": md5, "URL": str(one["url"]),
    }  # fmt: skip


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _content(one: Mapping[str, object]) -> bytes | None:
    """None for a file too large for a package: it goes by its address and digests."""
    if int(str(one["size"])) > LARGEST_BYTES:
        return None
    with documents.open_file(str(one["sha256"])) as file:
        return file.read()


def _number(name: str) -> str:
    one = data_sets().get(name)
    return one.data_no if one and one.data_no else name


def _children(parent: Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, name).text = value


def _add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    packed.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
