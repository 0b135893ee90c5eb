"""文件: each content once, under its digest, with its real type.

In come bytes and a name, out goes a stored file (SHA-256 and SM3) that never changes and is never deleted. Whether
a file may be seen is decided by the app that names it. 电子签名法 5, 6.
"""
