"""Prices in words, whatever their form. Pure."""

from collections.abc import Mapping
from typing import Any

from tradehall.kernel.money import format_wan, format_yuan


def price_words(price: Mapping[str, Any] | None) -> str:
    """`26,310.00 万元`, `费率 3.5%`, `下浮 12%`, or the source's own words; empty when nothing is stated."""
    if not price:
        return ""
    if price["form"] == "amount" and price["cents"] is not None:
        unit = f"/{price['unit']}" if price.get("unit") else ""
        small = abs(price["cents"]) < 1_000_000
        return f"{format_yuan(price['cents'])} 元{unit}" if small else f"{format_wan(price['cents'])} 万元{unit}"
    if price.get("rate"):
        word = "下浮" if price["form"] == "discount" else "费率"
        return f"{word} {price['rate']}%"
    return str(price.get("text") or "")
