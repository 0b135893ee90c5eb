"""账号: who signs in, which roles two other people granted them, and which trading systems may report.

In come acts of administrators, out go Actors for everybody's services; passwords and tokens are kept as hashes only.
What an organisation may do is no business of an account. 个人信息保护法 6; 网络安全法 21.
"""
