"""Other trades: so far quotas, such as pollution rights, sold by the authority that allots them.

In comes what the seller states about a quota; out goes one version of it, and the LotFacts quota, eligible_emitters. Trades of
other kinds need no subject before their notice. 碳排放权交易管理暂行条例 9, 10.
"""
