"""账号: who signs in, by which ways, and which trading systems may report.

In come people and what they prove, out go sign-ins and systems; passwords and tokens are kept as hashes only.
What a person may do for whom is `parties`' business. 个人信息保护法 6; 网络安全法 21.
"""
