"""存证: every act in order, provable to somebody who trusts nobody.

In comes one line from each act, inside its transaction; out go entries with positions, signed checkpoints and proofs.
It judges no act and holds no personal data: the actor is a salted commitment. 电子签名法 5, 6, 8.
"""
