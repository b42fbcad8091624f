"""A docx as bytes that depend on nothing but its content: no clock, no machine, the parts in one order."""

import io
import zipfile

from docx.document import Document

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say."""
UNIX = 3
PLAIN_FILE = 0o600 << 16


def pack(document: Document) -> bytes:
    """The same document gives the same bytes, whenever and wherever it is made."""
    written = io.BytesIO()
    document.save(written)
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, PLAIN_FILE
            target.writestr(entry, source.read(name))
    return packed.getvalue()
