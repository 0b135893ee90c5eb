"""Carbon allowances (碳排放配额): quotas that an authority sells to emitters under its allocation scheme.

In comes what the authority states about a quota; out goes one version of it, and the LotFacts quota, eligible_emitters
and starting_price_cents. 碳排放权交易管理暂行条例 9, 10.
"""
