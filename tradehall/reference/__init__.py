"""代码日历: code lists of the national data norm, places, working days, and the trade lines that are installed.

In come tables kept as files, out go look-ups; no record is kept, nothing here is edited while the platform runs.
Working days follow the State Council's yearly notices under 《全国年节及纪念日放假办法》.
"""
