"""Chains of certificates: three tiers in each algorithm are good, and everything wrong with one is named."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from tradehall.crypto import certificates, issuing, sm2
from tradehall.crypto.certificates import Person, TrustStore, check_chain
from tradehall.crypto.issuing import Holder
from tradehall.crypto.tests.tiers import AT, CODE, DAY, altered, authorities, person, store, wish
from tradehall.kernel.refusal import Refusal

KINDS = ("sm2", "p256", "rsa")


def chain_of(holder: Holder, kind: str) -> list[x509.Certificate]:
    return [holder.certificate, authorities(kind)[1].certificate]


def codes(chain: list[x509.Certificate], trusted: TrustStore, at: datetime = AT) -> set[str]:
    with pytest.raises(Refusal) as refused:
        check_chain(chain, trusted, at)
    assert all("证书未被接受" in violation.message for violation in refused.value.violations)
    return {violation.code for violation in refused.value.violations}


@pytest.mark.parametrize("kind", KINDS)
def test_three_tiers_are_good_among_several_roots(kind: str) -> None:
    holder = person(kind, organisation=CODE)
    lists = [issuing.revoke(one, [5], AT - DAY, AT + DAY) for one in authorities(kind)]
    found = check_chain(chain_of(holder, kind), store(*KINDS, lists=lists), AT)
    assert (found.name, found.issuer, found.uscc) == ("陈岚", f"测试中级 {kind}", CODE)
    assert found.unchecked == ()
    assert found.sha256 == holder.certificate.sha256.hex()


def test_the_root_may_stand_in_the_chain_and_the_order_above_does_not_matter() -> None:
    root, middle = authorities("sm2")
    chain = [person("sm2").certificate, root.certificate, middle.certificate]
    assert check_chain(chain, store("sm2"), AT).unchecked == ("测试根 sm2", "测试中级 sm2")


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "已到期": ({"valid_until": AT - DAY}, "expired"),
    "尚未生效": ({"valid_from": AT + DAY}, "not_yet_valid"),
    "加密证书": ({"key_use": frozenset({"key_encipherment"})}, "wrong_purpose"),
    "只作服务器用": ({"purposes": ("server_auth",)}, "wrong_purpose"),
    "本身是机构证书": ({"is_authority": True}, "wrong_purpose"),
    "SHA-1 签名": ({"algorithm": "sha1_rsa"}, "weak_hash"),
    "有吊销地址而无列表": ({"list_url": "http://crl.example/ca.crl"}, "crl_missing"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("changes", "code"), WRONG.values(), ids=WRONG)
def test_what_a_certificate_must_not_say(kind: str, changes: dict[str, object], code: str) -> None:
    assert codes(chain_of(person(kind, **changes), kind), store(*KINDS)) == {code}


@pytest.mark.parametrize("purposes", [(), ("client_auth",), ("email_protection", "server_auth")])
def test_purposes_that_serve(purposes: tuple[str, ...]) -> None:
    holder = person("sm2", purposes=purposes)
    assert check_chain(chain_of(holder, "sm2"), store("sm2"), AT).name == "陈岚"


@pytest.mark.parametrize("kind", KINDS)
def test_an_altered_leaf_is_refused(kind: str) -> None:
    chain = [altered(person(kind)), authorities(kind)[1].certificate]
    assert codes(chain, store(kind)) == {"altered"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_altered_middle_is_refused(kind: str) -> None:
    _, middle = authorities(kind)
    forged = altered(middle, middle.certificate.subject.native["common_name"] + " ")
    leaf = issuing.issue(wish("陈岚"), issuing.make_key(kind), Holder(forged, middle.private))
    assert codes([leaf.certificate, forged], store(kind)) == {"altered"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_root_is_refused_even_when_it_comes_along(kind: str) -> None:
    others = [one for one in KINDS if one != kind]
    chain = chain_of(person(kind), kind) + [authorities(kind)[0].certificate]
    assert codes(chain, store(*others)) == {"unknown_root"}
    assert codes(chain, TrustStore(())) == {"unknown_root"}
    assert codes([person(kind).certificate], store(kind)) == {"unknown_root"}, "the middle is missing"


def test_a_namesake_of_the_root_is_not_the_root() -> None:
    root, _ = authorities("sm2")
    fake = issuing.issue(wish("测试根 sm2", is_authority=True), issuing.make_key("sm2"))
    leaf = issuing.issue(wish("陈岚"), issuing.make_key("sm2"), fake)
    found = codes([leaf.certificate, fake.certificate], TrustStore((root.certificate,)))
    assert found <= {"unknown_root", "altered"}


def test_a_person_cannot_issue() -> None:
    middleman = person("sm2")
    leaf = issuing.issue(wish("别人"), issuing.make_key("sm2"), middleman)
    assert codes([leaf.certificate, *chain_of(middleman, "sm2")], store("sm2")) == {"path_invalid"}


def test_a_root_outside_its_own_dates_vouches_for_nobody() -> None:
    root = issuing.issue(wish("旧根", is_authority=True, valid_until=AT - DAY), issuing.make_key("p256"))
    leaf = issuing.issue(wish("陈岚"), issuing.make_key("p256"), root)
    assert codes([leaf.certificate], TrustStore((root.certificate,))) == {"expired"}


def test_weak_keys_are_refused() -> None:
    weak = issuing.issue(wish("陈岚"), issuing.make_key("rsa1024"), authorities("rsa")[1])
    assert codes(chain_of(weak, "rsa"), store("rsa")) == {"weak_key"}


def forgetful(holder: Holder) -> x509.Certificate:
    """The certificate as software signs it that forgets the user id."""
    body = holder.certificate["tbs_certificate"]
    middle = authorities("sm2")[1].private
    return issuing.seal(body, middle, sm2.provider().sign(middle, body.dump(), b""))


def test_a_certificate_signed_with_an_empty_user_id_is_refused_by_name() -> None:
    chain = [forgetful(person("sm2")), authorities("sm2")[1].certificate]
    assert codes(chain, store("sm2")) == {"sm2_empty_id"}


def test_another_algorithm_outside_than_inside_is_refused() -> None:
    made = person("p256").certificate
    parts = {"tbs_certificate": made["tbs_certificate"], "signature_value": made["signature_value"]}
    outside = x509.Certificate(parts | {"signature_algorithm": {"algorithm": "sha384_ecdsa"}})
    chain = [x509.Certificate.load(outside.dump()), authorities("p256")[1].certificate]
    assert codes(chain, store("p256")) == {"altered"}


REVOCATIONS: dict[str, tuple[Callable[[Holder, Holder, int], bytes], str]] = {
    "本人证书被吊销": (lambda root, middle, serial: issuing.revoke(middle, [serial], AT - DAY, AT + DAY), "revoked"),
    "中级证书被吊销": (
        lambda root, middle, serial: issuing.revoke(root, [middle.certificate.serial_number], AT - DAY, AT + DAY),
        "revoked",
    ),
    "列表过期": (lambda root, middle, serial: issuing.revoke(middle, [], AT - 9 * DAY, AT - DAY), "crl_stale"),
    "列表由别人冒名签发": (
        lambda root, middle, serial: issuing.revoke(Holder(middle.certificate, root.private), [], AT - DAY, AT + DAY),
        "crl_unusable",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("make", "code"), REVOCATIONS.values(), ids=REVOCATIONS)
def test_revocation(kind: str, make: Callable[[Holder, Holder, int], bytes], code: str) -> None:
    holder = person(kind)
    root, middle = authorities(kind)
    data = make(root, middle, holder.certificate.serial_number)
    assert codes(chain_of(holder, kind), store(kind, lists=[data])) == {code}


def test_a_list_says_until_when_it_holds() -> None:
    _, middle = authorities("sm2")
    data = issuing.revoke(middle, [1, 2], AT, AT + timedelta(days=7))
    lists = certificates.parse_lists(sm2.to_pem("X509 CRL", data) + sm2.to_pem("X509 CRL", data))
    assert len(lists) == 2 and certificates.next_update(lists) == AT + timedelta(days=7)
    for bad in (b"", b"\x30\x00", data[:-3], b"-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n"):
        with pytest.raises(ValueError, match="吊销列表"):
            certificates.parse_lists(bad)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "chain_unreadable"),
        ("陈岚", "chain_unreadable"),
        ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "chain_unreadable"),
        ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "chain_unreadable"),
        ("x" * 70_000, "chain_too_large"),
    ],
    ids=["空", "不是 PEM", "空证书", "不是 base64", "过长"],
)
def test_what_is_no_chain_is_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        certificates.parse_chain(text)
    assert [one.code for one in refused.value.violations] == [code]


def test_a_chain_is_read_back_as_written() -> None:
    holder, (root, middle) = person("sm2"), authorities("sm2")
    read = certificates.parse_chain(issuing.to_pem(holder, middle, root))
    assert [one.sha256 for one in read] == [one.certificate.sha256 for one in (holder, middle, root)]
    with pytest.raises(Refusal):
        certificates.parse_chain(issuing.to_pem(*[holder] * 9))


TIERS = (
    ("root", "-signkey root.key", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign"),
    ("middle", "-CA root.pem -CAkey root.key", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"),
    ("leaf", "-CA middle.pem -CAkey middle.key", "keyUsage=digitalSignature\nextendedKeyUsage=clientAuth"),
)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")
@pytest.mark.parametrize(("user_id", "is_good"), [("-sigopt distid:1234567812345678", True), ("", False)])
def test_three_tiers_made_by_the_openssl_command(tmp_path: Path, user_id: str, is_good: bool) -> None:
    """With the user id they are good; as the command makes them when nobody tells it, they are refused by name."""

    def openssl(words: str) -> None:
        done = subprocess.run(["openssl", *words.split()], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    checked = user_id.replace("-sigopt", "-vfyopt")
    for name, issuer, extensions in TIERS:
        (tmp_path / "extensions").write_text(extensions)
        openssl(f"genpkey -algorithm SM2 -out {name}.key")
        openssl(f"req -new -sm3 -key {name}.key {user_id} -subj /C=CN/CN={name} -out {name}.csr")
        serial = "-CAcreateserial" if "-CA " in issuer else ""
        openssl(
            f"x509 -req -sm3 -in {name}.csr {issuer} {serial} {user_id} {checked} -extfile extensions -out {name}.pem"
        )
    chain = certificates.parse_chain((tmp_path / "leaf.pem").read_text() + (tmp_path / "middle.pem").read_text())
    trusted = TrustStore(tuple(certificates.parse_chain((tmp_path / "root.pem").read_text())))
    at = chain[0].not_valid_before + timedelta(seconds=5)
    if is_good:
        assert check_chain(chain, trusted, at).name == "leaf"
    else:
        assert codes(chain, trusted, at) == {"sm2_empty_id"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")
def test_the_openssl_command_verifies_what_we_made(tmp_path: Path) -> None:
    """Two tiers only: of three it checks the lower signature without the user id."""
    for name, holder in zip(("root", "middle"), authorities("sm2"), strict=True):
        (tmp_path / f"{name}.pem").write_text(issuing.to_pem(holder))
    options = ["-vfyopt", "distid:1234567812345678", "-no_check_time"]
    command = ["openssl", "verify", *options, "-CAfile", "root.pem", "middle.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "middle.pem: OK" in done.stdout, done.stderr


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_changed_byte_is_accepted_and_none_surprises(place: int, change: int) -> None:
    der = bytearray(person("p256", organisation=CODE).certificate.dump())
    der[place % len(der)] ^= change
    texts = (sm2.to_pem("CERTIFICATE", one) for one in (bytes(der), authorities("p256")[1].certificate.dump()))
    with pytest.raises(Refusal):
        check_chain(certificates.parse_chain(b"".join(texts).decode()), store("p256"), AT)


def test_a_person_is_described_without_judging() -> None:
    found: Person = certificates.describe(person("rsa", valid_until=AT - DAY).certificate)
    assert found.valid_until == AT - DAY and found.uscc == ""
