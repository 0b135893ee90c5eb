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
from tradehall.exchange.models.national import NationalComparison, NationalMessage, NationalOmission, NationalPosition

__all__ = [
    "IdempotencyKey",
    "InboundRecord",
    "NationalComparison",
    "NationalMessage",
    "NationalOmission",
    "NationalPosition",
    "ProcessEvent",
    "QualityCount",
    "RefusedRecord",
    "SliceReceipt",
    "SystemAllowance",
    "Webhook",
    "WebhookKey",
]
