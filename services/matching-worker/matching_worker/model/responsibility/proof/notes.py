"""Notes on a certificate about what a proof could not do, in Vietnamese and English."""

DEARER = (
    "Nghiệm tối ưu của quy hoạch đắt hơn một phương án đã kiểm tra: không chứng minh được gì. / "
    "The programme's optimum is dearer than a checked plan: it proves nothing."
)
NO_PLAN = (
    "Nghiệm tối ưu của quy hoạch không phải là phương án qua được bước kiểm tra. / "
    "The programme's optimum is no plan that stands the check."
)
TIE_BREAK_OPEN = (
    "Chưa chọn xong giữa các phương án ngang nhau: lần chạy khác có thể ra phương án khác, ngang bằng. / "
    "The tie-break was not finished: another run may find an equal plan."
)
