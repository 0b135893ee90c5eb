"""Land-use and mining rights: the parcel or area, its planning conditions, and that its price was appraised and decided.

In comes what the seller states about a parcel; out goes one version of it, and the LotFacts supply_plan or resource_report,
planning_conditions or transferee_conditions, appraisal, reserve_decision. The reserve itself never enters this app.
城镇国有土地使用权出让和转让暂行条例 12; 39号令 (2007) 8; 矿产资源法 17, 19.
"""
