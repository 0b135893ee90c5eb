"""HPKE: the printed vectors of RFC 9180, the library as second opinion, and nothing opened in another place."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from tradehall.crypto import hpke

# RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
SEED = bytes.fromhex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234")
EPHEMERAL = "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"
ENC = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
RECEIVER_SEED = bytes.fromhex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037")
RECEIVER = bytes.fromhex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d")
PRIVATE = bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
PLAIN = b"Beauty is truth, truth beauty"
CIPHERTEXT = "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
# Appendix A.2.1 (ChaCha20Poly1305): only its key pairs are taken, the way from seed to key is the same.
OTHER_SEED = bytes.fromhex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b")
OTHER_ENC = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"


def test_the_printed_vector_is_sealed_to_the_byte() -> None:
    sealed = hpke.seal(RECEIVER, PLAIN, INFO, SEED, b"Count-0", hpke.AES_128_GCM)
    assert (sealed[:32].hex(), sealed[32:].hex()) == (ENC, CIPHERTEXT)


def test_keys_are_derived_as_printed() -> None:
    assert hpke.derive_private_key(SEED).private_bytes_raw().hex() == EPHEMERAL
    assert hpke.derive_private_key(RECEIVER_SEED).private_bytes_raw() == PRIVATE
    assert hpke.public_key_of(PRIVATE) == RECEIVER
    assert hpke.derive_private_key(OTHER_SEED).public_key().public_bytes_raw().hex() == OTHER_ENC


def test_the_library_opens_what_is_sealed_here() -> None:
    """AES-256-GCM has no printed vector with X25519: the library is the second opinion, both ways."""
    assert hpke.open_sealed(PRIVATE, hpke.seal(RECEIVER, PLAIN, INFO, SEED), INFO) == PLAIN
    by_library = hpke.SUITE.encrypt(PLAIN, X25519PublicKey.from_public_bytes(RECEIVER), INFO)
    assert hpke.open_sealed(PRIVATE, by_library, INFO) == PLAIN


def test_every_altered_byte_is_refused() -> None:
    sealed = hpke.seal(RECEIVER, PLAIN, INFO, SEED)
    for spot in range(len(sealed)):
        altered = sealed[:spot] + bytes([sealed[spot] ^ 1]) + sealed[spot + 1 :]
        with pytest.raises(ValueError, match="altered"):
            hpke.open_sealed(PRIVATE, altered, INFO)


def test_another_key_or_purpose_opens_nothing() -> None:
    sealed = hpke.seal(RECEIVER, PLAIN, INFO, SEED)
    for private, info in ((hpke.generate_private_key(), INFO), (PRIVATE, INFO + b"2"), (PRIVATE, b"")):
        with pytest.raises(ValueError, match="altered"):
            hpke.open_sealed(private, sealed, info)


def test_a_point_of_small_order_is_no_guardian() -> None:
    """RFC 7748 §6.1: the all-zero secret is refused."""
    with pytest.raises(ValueError):
        hpke.seal(bytes(32), PLAIN, INFO, SEED)
    assert X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw() == RECEIVER
