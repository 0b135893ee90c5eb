"""密码: digests, the Merkle tree of the log, signed notes, proof files and receipts that anybody can check alone.

In come bytes and keys, out go bytes and verdicts; no record is kept and no key is stored. What a seal is worth in
court is law's affair: 电子签名法 8, 13. Formats: RFC 6962, C2SP signed note, FIPS 180-4, GB/T 32905.
"""
