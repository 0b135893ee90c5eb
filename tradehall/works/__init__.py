"""Engineering works: what is to be built, who approved it, who pays, what it should cost.

In comes what the principal states about a lot of a works project; out goes one version of it, and the LotFacts approval,
funds, specification, estimate (and invitation_approval) on which the definitions judge. 招标投标法 9, 11; 招标投标法实施条例 7, 8.
"""
