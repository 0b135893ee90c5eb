"""The national platform (全国公共资源交易平台), both ways.

In comes the sealed journal, and what other regions published; out goes one message for each published record, with its
effect exactly once and in order per project, and reports through the same acts as anybody's. Without
`TRADEHALL_NATIONAL_URL` nothing here does anything. Law: 公共资源交易平台管理暂行办法 (2016) 第十三、十五条.
"""
