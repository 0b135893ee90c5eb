"""交换: what other systems tell us, and the registry that says how they must say it.

In: files of real notices and records pushed by trading systems. Out: receipts, data-set documents, the feed.
Every notice enters through `tenders.services.record_notices`; nothing here decides law (数据规范 and 电子招标投标办法 20号令).
"""
