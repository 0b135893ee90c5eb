"""SM2 verification in plain Python (GB/T 32918.2), for systems whose OpenSSL has no SM2.

Checks signatures only: it handles public values, so its time may tell anything. Refuses to sign or decrypt, which must
not be done with numbers whose handling leaks.
"""

from typing import NoReturn

from asn1crypto import algos, keys

from tradehall.crypto import asn1_names
from tradehall.crypto.digests import sm3

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
LONGEST_ID = 8191
Point = tuple[int, int]
Projective = tuple[int, int, int]  # x / z², y / z³; z = 0 is the point at infinity


class PythonVerifier:
    """Verifies; says in words that it can do nothing else."""

    name = "python: verification only, this OpenSSL has no SM2"

    def verify(self, public: bytes, signature: bytes, message: bytes, user_id: bytes) -> bool:
        numbers = _numbers(signature)
        return numbers is not None and is_signed(_point(public), *numbers, message, user_id)

    def generate(self) -> NoReturn:
        raise NotImplementedError("this machine's OpenSSL has no SM2: keys cannot be made here")

    def sign(self, private: bytes, message: bytes, user_id: bytes) -> NoReturn:
        raise NotImplementedError("this machine's OpenSSL has no SM2: it can verify, not sign")

    def encrypt(self, public: bytes, plain: bytes) -> NoReturn:
        raise NotImplementedError("this machine's OpenSSL has no SM2: it can verify, not encrypt")

    def decrypt(self, private: bytes, sealed: bytes) -> NoReturn:
        raise NotImplementedError("this machine's OpenSSL has no SM2: it can verify, not decrypt")


def is_signed(public: Point, r: int, s: int, message: bytes, user_id: bytes) -> bool:
    """GB/T 32918.2 §7."""
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    e = int.from_bytes(sm3(identity_digest(public, user_id) + message), "big")
    x, _, z = _add(_times(s, (*G, 1)), _times(t, (*public, 1)))
    return z != 0 and (e + x * pow(z, -2, P) % P) % N == r


def identity_digest(public: Point, user_id: bytes) -> bytes:
    """Z of GB/T 32918.2 §5.5: binds a signature to curve, key and user id."""
    if len(user_id) > LONGEST_ID:
        raise ValueError("the user id is longer than 8191 bytes")
    numbers = b"".join(number.to_bytes(32, "big") for number in (A, B, *G, *public))
    return sm3((len(user_id) * 8).to_bytes(2, "big") + user_id + numbers)


def _numbers(signature: bytes) -> tuple[int, int] | None:
    """r and s of a signature in DER; None for any other writing of them."""
    try:
        parsed = algos.DSASignature.load(signature, strict=True)
        r, s = parsed["r"].native, parsed["s"].native
        canonical = algos.DSASignature({"r": r, "s": s}).dump()
    except (ValueError, TypeError):
        return None
    return (r, s) if canonical == signature else None


def _point(public: bytes) -> Point:
    info = keys.PublicKeyInfo.load(public, strict=True)
    if asn1_names.curve_of(info) != asn1_names.SM2_CURVE:
        raise ValueError("not an SM2 key")
    x, y = info["public_key"].to_coords()
    if not (0 <= x < P and 0 <= y < P and (y * y - x * x * x - A * x - B) % P == 0):
        raise ValueError("the public key is not a point of the SM2 curve")
    return x, y


def _times(k: int, point: Projective) -> Projective:
    found: Projective = (1, 1, 0)
    for bit in bin(k)[2:]:
        found = _double(found)
        if bit == "1":
            found = _add(found, point)
    return found


def _double(point: Projective) -> Projective:
    x, y, z = point
    if not z or not y:
        return 1, 1, 0
    square = y * y % P
    slope = (3 * (x - z * z) * (x + z * z)) % P  # a = −3
    middle = 4 * x * square % P
    x3 = (slope * slope - 2 * middle) % P
    return x3, (slope * (middle - x3) - 8 * square * square) % P, 2 * y * z % P


def _add(one: Projective, other: Projective) -> Projective:
    if not one[2]:
        return other
    if not other[2]:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    u1, u2 = x1 * z2 * z2 % P, x2 * z1 * z1 % P
    s1, s2 = y1 * z2 * z2 * z2 % P, y2 * z1 * z1 * z1 % P
    if u1 == u2:
        return _double(one) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    h2 = h * h % P
    h3, v = h * h2 % P, u1 * h2 % P
    x3 = (r * r - h3 - 2 * v) % P
    return x3, (r * (v - x3) - s1 * h3) % P, h * z1 * z2 % P
