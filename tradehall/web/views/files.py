"""Files published with a notice. A file is public because a published version names it, never because it is stored."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tradehall.documents import selectors as documents
from tradehall.kernel.refusal import NotVisible
from tradehall.tenders import selectors as tenders


@require_safe
def published_file(request: HttpRequest, notice_no: str, version: int, sha256: str) -> HttpResponseBase:
    """Always a download: a stranger's PDF or HTML is never shown inside this site."""
    try:
        rendition = tenders.rendition(notice_no, version)
        attachments = rendition["attachments"]
        listed = attachments if isinstance(attachments, list) else []
        found = next((one for one in listed if one["sha256"] == sha256), None)
        if found is None:
            raise Http404(sha256)
        content = documents.open_file(sha256)
    except (NotVisible, FileNotFoundError) as error:
        raise Http404(sha256) from error
    return FileResponse(content, as_attachment=True, filename=str(found["name"]), content_type=str(found["media_type"]))
