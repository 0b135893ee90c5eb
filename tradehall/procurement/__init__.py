"""Government procurement: what is bought, out of which budget, and how small enterprises are favoured.

In comes what the purchaser states about a package; out goes one version of it, and the LotFacts budget, specification,
sme_policy (and method_approval) on which the definitions judge. 政府采购法 27; 政府采购法实施条例 15, 30; 财库〔2020〕46号.
"""
