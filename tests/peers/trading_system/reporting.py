"""Pushing records: notices, results, parties and process events, in one envelope, with an idempotency key.

A real system builds its records from its own trades. This one asks the platform for invented examples, which are
accepted as they are, and pushes those.
"""

import json
import secrets
from typing import Any

import requests

from tests.peers.trading_system.settings import Settings
from tests.peers.trading_system.store import Store

SECONDS = 30
# Per line: a notice, its result; for all: a party, and what happens in a running session.
OF_LINE = {
    "works": ("TENDER_ANN_QUA_INQUERY_ANN", "WIN_RESULT_ANNO"),
    "procurement": ("PURCHASE_QUALI_INQUERY_ANN", "BID_DEAL_ANNOUNCE"),
    "land": ("DEAL_BEHAVIOR_INFO", "DEAL_LAND_INFO"),
    "property": ("LISTING_PUB_INFO", "TRADE_RESULT_INFO"),
    "others": ("OTHER_TRADE_PUB_INFO", "OTHER_TRADE_RESULT_INFO"),
}
OF_ALL = ("LEGAL_PERSON_BASE", "PROCESS_EVENT")


class Reporting:
    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store

    def push_everything(self) -> list[dict[str, Any]]:
        return self.push(*OF_LINE[self.settings.line], *OF_ALL)

    def push_one(self) -> list[dict[str, Any]]:
        return self.push(OF_LINE[self.settings.line][0])

    def push(self, *data_sets: str) -> list[dict[str, Any]]:
        """One envelope. Sent again after a broken connection it has the same key, and no effect twice."""
        seed = secrets.randbelow(1_000_000)
        records = [record for data_set in data_sets for record in self._examples(data_set, seed)]
        answer = requests.post(
            f"{self.settings.issuer}/api/v1/exchange/records",
            json={"records": records},
            headers={"Authorization": f"Bearer {self.settings.token}", "Idempotency-Key": secrets.token_urlsafe(16)},
            timeout=SECONDS,
        )
        answer.raise_for_status()
        receipts: list[dict[str, Any]] = answer.json()["receipts"]
        for record, receipt in zip(records, receipts, strict=True):
            kept = json.dumps(receipt, ensure_ascii=False)
            self.store.run("insert into pushed (data_set, receipt) values (?, ?)", record["data_set"], kept)
        return receipts

    def _examples(self, data_set: str, seed: int) -> list[dict[str, Any]]:
        address = f"{self.settings.issuer}/api/v1/exchange/data-sets/{data_set}/example.json"
        answer = requests.get(address, params={"n": 1, "seed": seed}, timeout=SECONDS)
        answer.raise_for_status()
        return list(answer.json()["records"])
