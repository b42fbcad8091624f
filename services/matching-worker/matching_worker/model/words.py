"""What each level of the objectives is called, Vietnamese and English, wherever a person reads of it."""

LEVEL_WORDS = {
    "nolead": ("xã chưa có trường phụ trách", "communes without a lead"),
    "unmet": ("nhu cầu chưa đáp ứng", "unmet need"),
    "short_people": ("số người thiếu so với yêu cầu", "people short of what communes ask for"),
    "unused": ("người hoặc ngày chưa dùng", "people or days unused"),
    "changed": ("số người bị thay đổi", "people changed"),
    "uneven": ("độ lệch giữa các xã", "unevenness between communes"),
    "cost_km": ("quãng đường và các giá (km)", "travel and prices (km)"),
    "overlead": ("xã vượt quá sức người hướng dẫn", "communes led beyond what supervisors bear"),
    "broken": ("quan hệ bị thay đổi", "broken ties"),
    "supports": ("số trường hỗ trợ", "supporting schools"),
    "overcap": ("tải vượt mức công bằng", "load above the fairness cap"),
    "scattered": ("xã nằm tách khỏi địa bàn chung của trường", "communes apart from their school's area"),
    "travel_km": ("quãng đường đi lại (km)", "travel (km)"),
    "unfilled": ("vị trí còn trống (theo trọng số)", "posts unfilled (weighted)"),
    "province": ("người điều từ tỉnh", "people taken from the province"),
    "cost": ("tổng khoảng cách tới tâm nhóm (km)", "km to the groups' centres"),
}
