"""The states of an upload, and what may be done in which: uploaded -> reading -> in_review -> committing -> committed.

From committed to undone; to cancelled before it is committed; to failed where it could not be read or written.
"""

from collections.abc import Collection

from roster_api.errors import ConflictError
from roster_api.rosters.models import UploadStatus
from roster_api.work.claiming import Claimed

CANCELLABLE = {
    UploadStatus.UPLOADED.value, UploadStatus.READING.value, UploadStatus.IN_REVIEW.value, UploadStatus.FAILED.value
}  # fmt: skip
READABLE_AGAIN = {UploadStatus.IN_REVIEW.value, UploadStatus.FAILED.value}
COMMITTED = {UploadStatus.COMMITTING.value, UploadStatus.COMMITTED.value}
_WORDS = {
    UploadStatus.UPLOADED: ("Danh sách đang chờ được đọc.", "The list waits to be read."),
    UploadStatus.READING: ("Danh sách đang được đọc.", "The list is being read."),
    UploadStatus.IN_REVIEW: ("Danh sách chưa được ghi.", "The list was not committed."),
    UploadStatus.COMMITTING: ("Danh sách đang được ghi.", "The list is being written."),
    UploadStatus.COMMITTED: ("Danh sách này đã được ghi. Hãy gửi lại tệp.", "It was committed. Send the file again."),
    UploadStatus.UNDONE: ("Danh sách này đã bị hoàn tác. Hãy gửi lại tệp.", "It was undone. Send the file again."),
    UploadStatus.CANCELLED: ("Danh sách này đã bị hủy. Hãy gửi lại tệp.", "It was cancelled. Send the file again."),
    UploadStatus.FAILED: (
        "Danh sách này không đọc hoặc không ghi được; xem lý do ở refusal.",
        "It could not be read or written; `refusal` says why.",
    ),
}
_AT_WORK = {UploadStatus.UPLOADED, UploadStatus.READING, UploadStatus.COMMITTING}


def refuse_unless(upload: Claimed, allowed: Collection[str], *, vi: str, en: str) -> None:
    """409 in words about the state it is in; `vi` and `en` say what cannot be done."""
    if upload.status in allowed:
        return
    status = UploadStatus(upload.status)
    why_vi, why_en = _WORDS[status]
    code = "roster.already_committed" if upload.status in COMMITTED else f"roster.{status.value}"
    headers = {"Retry-After": "1"} if status in _AT_WORK else {}
    raise ConflictError(code, vi=f"{why_vi} {vi}", en=f"{why_en} {en}", headers=headers)
