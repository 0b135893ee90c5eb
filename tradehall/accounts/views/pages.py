"""Pages for what stands in the way: a form grown stale, an account that is closed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.accounts import drafts, signing


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection against forgery did not hold: usually the page was open while somebody signed in or out.

    What was typed is kept for whoever the form was made for; nothing was done.
    """
    if request.user.is_authenticated and request.POST.get(drafts.FIELD):
        signing.keep_of_marked(request)
    return render(request, "accounts/stale_form.html", {"path": request.path}, status=403)


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/inactive.html", status=403)
