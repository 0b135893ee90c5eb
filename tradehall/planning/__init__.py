"""计划: what a principal intends to trade, before there is a project.

In come statements of intent (招标计划, 采购意向, 供地计划); out goes a plan, version after version.
Nothing here begins a trade. Law: 财库〔2020〕10号 for procurement; elsewhere local practice, not verified.
"""
