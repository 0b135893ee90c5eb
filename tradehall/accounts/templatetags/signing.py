"""Shows a form of the sign-in library with the components of the house. `{% load signing %}`."""

from django import template
from django.forms import Form

from tradehall.accounts import forms
from tradehall.kernel.refusal import Violation

register = template.Library()


@register.filter
def items(form: Form) -> list[dict[str, object]]:
    return forms.items(form)


@register.filter
def violations(form: Form) -> list[Violation]:
    return forms.violations(form)


@register.filter
def grouped(text: str, size: int = 4) -> str:
    """`ABCD EFGH` – for what somebody has to copy by eye."""
    return " ".join(text[place : place + size] for place in range(0, len(text), size))
