"""交易大厅: one electronic hall for a city's public-resource trading. The map of the apps is `docs/river.md`."""
