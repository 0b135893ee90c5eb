"""The tables of `exchange`, one module for each direction; import them from here."""

from tradehall.exchange.models.inbound import (
    IdempotencyKey,
    InboundRecord,
    ProcessEvent,
    QualityCount,
    RefusedRecord,
    SliceReceipt,
    SystemAllowance,
    Webhook,
    WebhookKey,
)
from tradehall.exchange.models.national import NationalComparison, NationalMessage, NationalPosition

__all__ = [
    "IdempotencyKey",
    "InboundRecord",
    "NationalComparison",
    "NationalMessage",
    "NationalPosition",
    "ProcessEvent",
    "QualityCount",
    "RefusedRecord",
    "SliceReceipt",
    "SystemAllowance",
    "Webhook",
    "WebhookKey",
]
