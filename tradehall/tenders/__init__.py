"""项目标段公告: projects, lots, attempts and rounds, and the one table of notices of every stage.

In come native acts under a pinned definition and the reports of other systems; out go notice versions, whose rendition
is all that digests, search, feeds and exports read, and the holds, terms and endings later stages ask for. What the law
says is data of `procedures`. 招标投标法 16, 23, 24; 招标投标法实施条例 15, 16, 21, 31; 政府采购法 11.
"""
