"""SM2: the standard's vectors, a second library, the plain Python verifier and the openssl command agree."""

import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import algos, keys
from gmalg.base import PC_MODE
from gmalg.sm2 import SM2
from hypothesis import given, settings
from hypothesis import strategies as st

from tradehall.crypto import asn1_names, sm2
from tradehall.crypto.sm2_arithmetic import PythonVerifier

# GB/T 32918.5 A.2: key pair, message "message digest", id 1234567812345678.
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
POINT = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
PUBLIC = asn1_names.public_info(asn1_names.SM2_CURVE, POINT).dump()
PLAIN = PythonVerifier()


def der(r: int, s: int) -> bytes:
    return algos.DSASignature({"r": r, "s": s}).dump()


def private_key(secret: int, point: bytes) -> bytes:
    curve = keys.ECDomainParameters(name="named", value=asn1_names.SM2_CURVE)
    parts = {"version": 1, "private_key": secret, "parameters": curve, "public_key": keys.ECPointBitString(point)}
    return sm2.load_private_key(keys.ECPrivateKey(parts).dump())


def second_point(secret: bytes) -> bytes:
    """The public point of a secret, as the second library computes it."""
    return SM2(pc_mode=PC_MODE.RAW).generate_pk(secret)


def test_this_machine_says_which_backend_it_uses() -> None:
    assert sm2.provider().name.startswith(("ctypes: OpenSSL 3", "python: verification only"))


def test_the_signature_of_the_standard_is_good_here_and_there() -> None:
    assert sm2.verify(PUBLIC, der(R, S), b"message digest")
    assert PLAIN.verify(PUBLIC, der(R, S), b"message digest", sm2.DEFAULT_ID)
    other = SM2(SECRET, uid=sm2.DEFAULT_ID, pk=POINT)
    assert other.verify(b"message digest", R.to_bytes(32, "big"), S.to_bytes(32, "big"))


@pytest.mark.parametrize(
    ("message", "signature"),
    [
        (b"message digesT", der(R, S)),
        (b"message digest", der(R, S - 1)),
        (b"message digest", der(0, S)),
        (b"message digest", der(R, 0)),
        (b"message digest", der(S, R)),
        (b"message digest", der(R, S) + b"\0"),
        (b"message digest", b""),
        (b"message digest", R.to_bytes(32, "big") + S.to_bytes(32, "big")),
        (b"message digest", der(R - (1 << 256), S)),
    ],
    ids=["改了报文", "改了 s", "r 为零", "s 为零", "对调", "尾随字节", "空", "裸 r‖s", "负数"],
)
def test_nothing_else_is(message: bytes, signature: bytes) -> None:
    assert not sm2.verify(PUBLIC, signature, message)
    assert not PLAIN.verify(PUBLIC, signature, message, sm2.DEFAULT_ID)


def test_a_signature_holds_for_its_user_id_only() -> None:
    key = private_key(int.from_bytes(SECRET, "big"), POINT)
    made = sm2.sign(key, b"text", b"ALICE123@YAHOO.COM")
    assert sm2.verify(PUBLIC, made, b"text", b"ALICE123@YAHOO.COM")
    assert not sm2.verify(PUBLIC, made, b"text")


def test_an_empty_user_id_is_refused_not_assumed() -> None:
    key = private_key(int.from_bytes(SECRET, "big"), POINT)
    with pytest.raises(ValueError, match="needs a user id"):
        sm2.sign(key, b"text", b"")
    with pytest.raises(ValueError, match="needs a user id"):
        sm2.verify(PUBLIC, der(R, S), b"text", b"")
    forgetful = sm2.provider().sign(key, b"text", b"")
    assert not sm2.verify(PUBLIC, forgetful, b"text")
    assert sm2.is_signed_with_empty_id(PUBLIC, forgetful, b"text")
    assert not sm2.is_signed_with_empty_id(PUBLIC, der(R, S), b"message digest")


@settings(max_examples=12, deadline=None)
@given(message=st.binary(max_size=300), secret=st.integers(1, (1 << 255) - 1))
def test_a_second_library_agrees_both_ways(message: bytes, secret: int) -> None:
    """gmalg shares no line with OpenSSL or with us."""
    number = secret.to_bytes(32, "big")
    other = SM2(number, uid=sm2.DEFAULT_ID, pk=second_point(number))
    key = private_key(secret, second_point(number))
    public = sm2.public_key_of(key)
    r, s = other.sign(message)
    theirs = der(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    assert sm2.verify(public, theirs, message)
    assert PLAIN.verify(public, theirs, message, sm2.DEFAULT_ID)
    ours = algos.DSASignature.load(sm2.sign(key, message)).native
    assert other.verify(message, ours["r"].to_bytes(32, "big"), ours["s"].to_bytes(32, "big"))


@settings(max_examples=8, deadline=None)
@given(plain=st.binary(min_size=1, max_size=200))
def test_a_second_library_decrypts_what_we_encrypt(plain: bytes) -> None:
    sealed = sm2.encrypt(PUBLIC, plain)
    x, y, digest, text = (part.native for part in parts_of(sealed))
    point = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    assert SM2(SECRET).decrypt(point + digest + text) == plain
    assert sm2.decrypt(private_key(int.from_bytes(SECRET, "big"), POINT), sealed) == plain


def parts_of(sealed: bytes) -> list[object]:
    """The four parts of a ciphertext, in the order of the file: x, y, digest (C3), text (C2)."""

    class Ciphertext(algos.Sequence):  # SM2Cipher of GM/T 0009
        _fields = [("x", algos.Integer), ("y", algos.Integer), ("c3", algos.OctetString), ("c2", algos.OctetString)]

    parsed = Ciphertext.load(sealed, strict=True)
    return [parsed[name] for name in ("x", "y", "c3", "c2")]


def test_an_altered_ciphertext_does_not_open() -> None:
    key = private_key(int.from_bytes(SECRET, "big"), POINT)
    sealed = sm2.encrypt(PUBLIC, b"encryption standard")
    for altered in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"\x30\x00"):
        with pytest.raises(ValueError, match="OpenSSL"):
            sm2.decrypt(key, altered)


def test_a_key_is_read_from_every_usual_file() -> None:
    key = sm2.generate_private_key()
    inner = keys.PrivateKeyInfo.load(key)["private_key"].parsed
    inner["parameters"] = keys.ECDomainParameters(name="named", value=asn1_names.SM2_CURVE)
    sec1 = inner.dump()
    with_parameters = b"-----BEGIN EC PARAMETERS-----\nBggqgRzPVQGCLQ==\n-----END EC PARAMETERS-----\n"
    files = [key, sec1, sm2.to_pem("PRIVATE KEY", key), with_parameters + sm2.to_pem("EC PRIVATE KEY", sec1)]
    assert {sm2.public_key_of(sm2.load_private_key(data)) for data in files} == {sm2.public_key_of(key)}
    public = sm2.public_key_of(key)
    assert sm2.load_public_key(sm2.to_pem("PUBLIC KEY", public)) == sm2.load_public_key(public) == public


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"\x30\x00", "cannot be read"),
        (b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted"),
        (b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "holds no PRIVATE KEY"),
    ],
)
def test_what_is_no_key_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sm2.load_private_key(data)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")
def test_the_openssl_command_verifies_ours_and_we_verify_its(tmp_path: Path) -> None:
    key = sm2.generate_private_key()
    files = {"key.pem": sm2.to_pem("PRIVATE KEY", key), "pub.pem": sm2.to_pem("PUBLIC KEY", sm2.public_key_of(key))}
    files |= {"text": b"hall", "ours.sig": sm2.sign(key, b"hall")}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    options = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "text"]
    check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-sigfile", "ours.sig", *options]
    assert "Verified Successfully" in subprocess.run(check, cwd=tmp_path, capture_output=True, text=True).stdout
    make = ["openssl", "pkeyutl", "-sign", "-inkey", "key.pem", "-out", "theirs.sig", *options]
    subprocess.run(make, cwd=tmp_path, check=True)
    assert sm2.verify(sm2.public_key_of(key), (tmp_path / "theirs.sig").read_bytes(), b"hall")
