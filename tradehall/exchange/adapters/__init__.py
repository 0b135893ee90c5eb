"""One module per source: a row of its file becomes a `NoticeReport`, as stated. Nothing here touches a database."""
