"""The native acts: what principals, agencies and supervisors do on this platform, judged by law before it is kept.

What other systems report goes through `record_notices` and is never judged here.
"""
