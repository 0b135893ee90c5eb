"""State-owned property: the asset, who approved its transfer, and what it was valued at.

In comes what the transferor states about an asset; out goes one version of it, and the LotFacts approval, valuation (for
equity also priority_holders, staff_settlement). 企业国有资产法 47, 53–55; 企业国有资产交易监督管理办法 (32号令) 17.
"""
