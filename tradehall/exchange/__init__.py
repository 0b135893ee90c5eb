"""交换: what other systems tell us, read as stated and handed to `tenders.services.record_notices`.

In: files of real notices. Out: totals, and one explained refusal for each bad row. Nothing here decides law.
"""
