"""Tells asn1crypto the names of the national algorithms, and builds and reads the values that carry them.

Every module that parses certificates or keys imports this one; nobody else touches the tables of asn1crypto.
"""

from asn1crypto import algos, keys

SM2_CURVE = "sm2p256v1"
SM2_SIGNATURE = "sm3_sm2"
SM2_SIGNATURE_OID = "1.2.156.10197.1.501"
# An organisation's code as an extension of a person's certificate, GM/T 0015.
ORGANISATION_EXTENSION = "1.2.156.10260.4.1.4"


def register() -> None:
    keys.NamedCurve.register(SM2_CURVE, "1.2.156.10197.1.301", 32)
    for table, oid, name in (
        (algos.SignedDigestAlgorithmId, SM2_SIGNATURE_OID, SM2_SIGNATURE),
        (algos.DigestAlgorithmId, "1.2.156.10197.1.401", "sm3"),
    ):
        table._map[oid] = name
        # Either written out in asn1crypto or computed from `_map` on first use: both must know the name.
        if table._reverse_map is not None:
            table._reverse_map[name] = oid


register()


def public_info(curve: str, point: bytes) -> keys.PublicKeyInfo:
    """SubjectPublicKeyInfo of an uncompressed point on a named curve."""
    parameters = keys.ECDomainParameters(name="named", value=curve)
    algorithm = {"algorithm": "ec", "parameters": parameters}
    return keys.PublicKeyInfo({"algorithm": algorithm, "public_key": keys.ECPointBitString(point)})


def curve_of(public: keys.PublicKeyInfo | keys.PrivateKeyInfo) -> str | None:
    """The named curve of an elliptic key (its number when unknown); None for other keys."""
    if public.algorithm != "ec":
        return None
    kind, curve = public.curve
    return str(curve) if kind == "named" else kind
