"""Small real PDF files for the demonstration city, so that downloads, digests and versions have something to hold."""


def paper(text: str) -> bytes:
    """A valid one-page PDF 1.4 that says `text` (Latin letters) in Helvetica; the same text gives the same bytes."""
    shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    drawn = (
        f"BT /F1 14 Tf 60 760 Td ({shown}) Tj 0 -24 Td (Demonstration document. Everything in it is invented.) Tj ET"
    )
    stream = drawn.encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)
