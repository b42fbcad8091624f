"""Judging a zip (xlsx, ods) before anything parses it: sizes as declared and as they really are, names, entities."""

import re
import zipfile
import zlib
from io import BytesIO

from roster_api.rosters.reading.refusals import RefusedFileError

MAXIMUM_ENTRIES = 1000
MAXIMUM_INFLATED_BYTES = 128 * 1024 * 1024
CHUNK_BYTES = 1 << 16
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)|<\x00!\x00(D|E)|\x00<\x00!\x00(D|E)", re.IGNORECASE)


def check_archive(content: bytes) -> list[str]:
    """The names inside, when the archive is harmless; RefusedFileError otherwise."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            left = MAXIMUM_INFLATED_BYTES
            for entry in entries:
                left -= _inflate(archive, entry, left)
            return [entry.filename for entry in entries]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as broken:
        raise RefusedFileError(
            "file.broken", vi="Tệp bị hỏng, không mở được. Hãy mở lại bằng Excel và lưu thành .xlsx.",
            en="The file is damaged. Open it in Excel and save it again as .xlsx.",
        ) from broken  # fmt: skip


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    is_strange = (
        len(entries) > MAXIMUM_ENTRIES
        or len(set(names)) != len(names)
        or any(name.startswith(("/", "\\")) or ".." in name.split("/") or "\0" in name for name in names)
    )
    if is_strange:
        raise RefusedFileError(
            "file.strange_archive", vi="Cấu trúc bên trong tệp không phải của một bảng tính.",
            en="The inside of the file is not that of a workbook.",
        )  # fmt: skip
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedFileError(
            "file.encrypted", vi="Tệp có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.",
            en="The file has a password. Remove it and send it again.",
        )  # fmt: skip
    if sum(entry.file_size for entry in entries) > MAXIMUM_INFLATED_BYTES:
        raise _bomb()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusedFileError(
            "file.macros", vi="Tệp có macro. Hãy lưu thành .xlsx (không có macro) rồi gửi lại.",
            en="The workbook has macros. Save it as .xlsx (no macros) and send it again.",
        )  # fmt: skip


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Bytes the entry really has, counted while unpacking and not kept; stops as soon as they are too many."""
    is_text = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > left:
                raise _bomb()
            if is_text and b"!" in chunk + tail and _ENTITY.search(tail + chunk):
                raise RefusedFileError(
                    "file.entities", vi="Tệp chứa khai báo XML không an toàn.",
                    en="The file holds XML declarations that are not safe.",
                )  # fmt: skip
            tail = chunk[-16:]
    return size


def _bomb() -> RefusedFileError:
    return RefusedFileError(
        "file.inflates_too_much", vi="Tệp giải nén ra quá lớn. Danh sách thông thường nhỏ hơn 1 MB.",
        en="The file unpacks to far too much. A list is usually under 1 MB.",
    )  # fmt: skip
