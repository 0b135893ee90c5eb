"""公开: what the public sees. Follows the journal, keeps its own tables, rebuilds them from zero.

In comes the sealed order of published notices; out go lists, search, calendar, organisations and figures.
No act is decided here and nobody below imports this app.
《政府信息公开条例》第二十三条、《公共资源交易平台管理暂行办法》第三十一条.
"""
