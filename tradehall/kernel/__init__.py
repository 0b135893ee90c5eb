"""内核: the values everybody speaks in: Money, Period, identifiers, Actor, Ref, Refusal, canonical JSON.

In come plain values, out go plain values or a ValueError; no record is kept, no clock is read, Django is unknown here.
Periods are counted by 民法典 200–204; 统一社会信用代码 by GB 32100, 组织机构代码 by GB 11714.
"""
