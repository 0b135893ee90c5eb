"""The national suite: the printed vectors, other implementations as second opinion, and the same containers."""

import pytest
from cryptography.exceptions import InvalidTag
from gmalg.sm2 import SM2

from tradehall.crypto import sm2, sm2_sealing
from tradehall.crypto.sm4_gcm import SM4GCM
from tradehall.crypto.suites import NATIONAL
from tradehall.crypto.tests import bidding

# RFC 8998, appendix A.1.
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
NONCE = bytes.fromhex("00001234567800000000ABCD")
BOUND = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
PLAIN = b"".join(bytes([one]) * 8 for one in bytes.fromhex("AABBCCDDEEFFEEAA"))
SEALED = (
    "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
    "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    "83DE3541E4C2B58177E065A9BF7B62EC"
)
# GB/T 32918.5, annex C (the curve of GB/T 32918.5 itself): the receiver's key, the random number, the ciphertext.
POINT = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
NUMBER = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
FIRST = (
    "04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73"
    "E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0"
)
CHECK = "59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766"
TEXT = "21886CA989CA9C7D58087307CA93092D651EFA"


def test_sm4_gcm_seals_the_printed_vector() -> None:
    cipher = SM4GCM(KEY)
    assert cipher.encrypt(NONCE, PLAIN, BOUND).hex().upper() == SEALED
    assert cipher.decrypt(NONCE, bytes.fromhex(SEALED), BOUND) == PLAIN


def test_sm4_gcm_refuses_every_altered_byte() -> None:
    sealed = bytes.fromhex(SEALED)
    for spot in range(len(sealed)):
        with pytest.raises(InvalidTag):
            SM4GCM(KEY).decrypt(NONCE, sealed[:spot] + bytes([sealed[spot] ^ 1]) + sealed[spot + 1 :], BOUND)
    for short in (b"", sealed[:15], sealed[:-1]):
        with pytest.raises(InvalidTag):
            SM4GCM(KEY).decrypt(NONCE, short, BOUND)


def test_sm2_encrypts_the_printed_vector() -> None:
    made = sm2_sealing.Ciphertext.load(sm2_sealing.encrypt(POINT, b"encryption standard", NUMBER), strict=True).native
    assert f"{made['x']:064X}{made['y']:064X}" == FIRST
    assert (made["check"].hex().upper(), made["text"].hex().upper()) == (CHECK, TEXT)


def test_another_implementation_opens_what_is_sealed() -> None:
    made = sm2_sealing.Ciphertext.load(sm2_sealing.encrypt(POINT, b"share", NUMBER)).native
    plain = b"\x04" + made["x"].to_bytes(32, "big") + made["y"].to_bytes(32, "big") + made["check"] + made["text"]
    assert SM2(SECRET).decrypt(plain) == b"share"


def test_a_wrap_is_opened_by_its_key_for_its_purpose_only() -> None:
    private = sm2.generate_private_key()
    public = sm2.public_point_of(private)
    wrapped = sm2_sealing.wrap(public, b"s" * 33, b"here", b"seed")
    assert wrapped == sm2_sealing.wrap(public, b"s" * 33, b"here", b"seed")
    assert wrapped != sm2_sealing.wrap(public, b"s" * 33, b"here", b"another seed")
    assert sm2_sealing.unwrap(private, wrapped, b"here") == b"s" * 33
    for key, info in ((private, b"there"), (sm2.generate_private_key(), b"here")):
        with pytest.raises(ValueError):
            sm2_sealing.unwrap(key, wrapped, info)


@pytest.mark.parametrize("point", [b"", bytes(65), b"\x04" + b"\x01" * 64, POINT[:-1], POINT[:-1] + b"\x00"])
def test_what_is_no_point_is_no_guardian(point: bytes) -> None:
    with pytest.raises(ValueError, match="point"):
        sm2_sealing.wrap(point, b"s", b"", b"seed")


def test_a_national_container_is_sealed_and_opened_by_any_two() -> None:
    container, place = bidding.usual(NATIONAL), bidding.seat(NATIONAL)
    for numbers in ((1, 2), (3, 1), (2, 3)):
        assert bidding.opened(container, place, numbers=numbers) == dict(bidding.FILES)
    assert bidding.block_of(container).header.suite is NATIONAL


def test_no_container_opens_under_the_other_suite() -> None:
    assert bidding.with_key(bidding.usual(NATIONAL)) == "dealing_wrong"
    assert bidding.with_key(bidding.usual(), bidding.seat(NATIONAL)) == "dealing_wrong"
    swapped = bidding.usual().replace(b'"international"', b'"national"')
    assert bidding.with_key(swapped) != "opened"


def test_altered_bytes_of_a_national_header_are_refused_by_name() -> None:
    container, place = bidding.usual(NATIONAL), bidding.seat(NATIONAL)
    size = len(bidding.block_of(container).content)
    found = {
        bidding.with_key(container[:at] + bytes([container[at] ^ 1]) + container[at + 1 :], place)
        for at in range(0, size, 3)
    }
    assert "opened" not in found and {"dealing_wrong", "header_altered", "place_mismatch", "key_mismatch"} <= found
