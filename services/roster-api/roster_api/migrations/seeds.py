"""Rows that revision 0001 puts in: provinces, fields, duties. Frozen: later changes are revisions."""

PROVINCES = (
    # code, name, full name, latitude, longitude, search key, sort key
    ("01", "Hà Nội", "Thành phố Hà Nội", 21.0001, 105.698, "thanh pho ha noi", 'LA"RTM!01050'),
    ("04", "Cao Bằng", "Tỉnh Cao Bằng", 22.7456, 106.083, "tinh cao bang", 'EAS"DBRK!0000100'),
    ("08", "Tuyên Quang", "Tỉnh Tuyên Quang", 22.4897, 105.099, "tinh tuyen quang", 'Z[`IR"W[ARK!0000000000'),
    ("11", "Điện Biên", "Tỉnh Điện Biên", 21.4766, 103.232, "tinh dien bien", 'GMIR"DMIR!00500000'),
    ("12", "Lai Châu", "Tỉnh Lai Châu", 22.3181, 103.185, "tinh lai chau", 'PAM"ELC[!0000000'),
    ("14", "Sơn La", "Tỉnh Sơn La", 21.1947, 104.069, "tinh son la", 'YUR"PA!00000'),
    ("15", "Lào Cai", "Tỉnh Lào Cai", 22.0605, 104.347, "tinh lao cai", 'PAS"EAM!010000'),
    ("19", "Thái Nguyên", "Tỉnh Thái Nguyên", 22.0239, 105.824, "tinh thai nguyen", 'ZLAM"RK[`IR!0040000000'),
    ("20", "Lạng Sơn", "Tỉnh Lạng Sơn", 21.7736, 106.728, "tinh lang son", 'PARK"YUR!0500000'),
    ("22", "Quảng Ninh", "Tỉnh Quảng Ninh", 21.2642, 107.223, "tinh quang ninh", 'W[ARK"RMRL!002000000'),
    ("24", "Bắc Ninh", "Tỉnh Bắc Ninh", 21.2428, 106.167, "tinh bac ninh", 'DBE"RMRL!0400000'),
    ("25", "Phú Thọ", "Tỉnh Phú Thọ", 20.7065, 105.333, "tinh phu tho", 'VL["ZLS!004005'),
    ("31", "Hải Phòng", "Thành phố Hải Phòng", 20.8759, 106.47, "thanh pho hai phong", 'LAM"VLSRK!02000100'),
    ("33", "Hưng Yên", "Tỉnh Hưng Yên", 20.4528, 106.463, "tinh hung yen", 'L\\RK"`IR!0000000'),
    ("37", "Ninh Bình", "Tỉnh Ninh Bình", 20.3122, 106.046, "tinh ninh binh", 'RMRL"DMRL!00000100'),
    ("38", "Thanh Hóa", "Tỉnh Thanh Hóa", 20.0468, 105.317, "tinh thanh hoa", 'ZLARL"LSA!00000040'),
    ("40", "Nghệ An", "Tỉnh Nghệ An", 19.2374, 104.944, "tinh nghe an", 'RKLI"AR!000500'),
    ("42", "Hà Tĩnh", "Tỉnh Hà Tĩnh", 18.2912, 105.735, "tinh ha tinh", 'LA"ZMRL!010300'),
    ("44", "Quảng Trị", "Tỉnh Quảng Trị", 17.2405, 106.527, "tinh quang tri", 'W[ARK"ZXM!00200005'),
    ("46", "Huế", "Thành phố Huế", 16.3316, 107.517, "thanh pho hue", "L[I!004"),
    ("48", "Đà Nẵng", "Thành phố Đà Nẵng", 15.631, 107.966, "thanh pho da nang", 'GA"RBRK!010300'),
    ("51", "Quảng Ngãi", "Tỉnh Quảng Ngãi", 14.7688, 108.143, "tinh quang ngai", 'W[ARK"RKAM!002000030'),
    ("52", "Gia Lai", "Tỉnh Gia Lai", 13.8902, 108.438, "tinh gia lai", 'KMA"PAM!000000'),
    ("56", "Khánh Hòa", "Tỉnh Khánh Hòa", 12.069, 108.961, "tinh khanh hoa", 'OLARL"LSA!00400010'),
    ("66", "Đắk Lắk", "Tỉnh Đắk Lắk", 12.7067, 108.47, "tinh dak lak", 'GBO"PBO!040040'),
    ("68", "Lâm Đồng", "Tỉnh Lâm Đồng", 11.6739, 107.968, "tinh lam dong", 'PCQ"GTRK!0000100'),
    ("75", "Đồng Nai", "Tỉnh Đồng Nai", 11.4369, 107.034, "tinh dong nai", 'GTRK"RAM!0100000'),
    ("79", "Hồ Chí Minh", "Thành phố Hồ Chí Minh", 10.9926, 106.638, "thanh pho ho chi minh", 'LT"ELM"QMRL!010040000'),
    ("80", "Tây Ninh", "Tỉnh Tây Ninh", 10.6941, 106.123, "tinh tay ninh", 'ZC`"RMRL!0000000'),
    ("82", "Đồng Tháp", "Tỉnh Đồng Tháp", 10.4293, 105.999, "tinh dong thap", 'GTRK"ZLAV!01000040'),
    ("86", "Vĩnh Long", "Tỉnh Vĩnh Long", 9.99545, 106.292, "tinh vinh long", ']MRL"PSRK!03000000'),
    ("91", "An Giang", "Tỉnh An Giang", 10.1791, 105.096, "tinh an giang", 'AR"KMARK!0000000'),
    ("92", "Cần Thơ", "Thành phố Cần Thơ", 9.74372, 105.757, "thanh pho can tho", 'ECR"ZLU!010000'),
    ("96", "Cà Mau", "Tỉnh Cà Mau", 9.1362, 105.182, "tinh ca mau", 'EA"QA[!01000'),
)

FIELDS = (
    # code, Vietnamese name, English name, search key: each field has one duty of the same code and names
    ("software", "Vận hành phần mềm của tỉnh", "Running the provincial software", "van hanh phan mem cua tinh"),
    (
        "pasc",
        "Hỗ trợ Trung tâm Phục vụ hành chính công",
        "Supporting the public administration service centre",
        "ho tro trung tam phuc vu hanh chinh cong",
    ),
    ("digitise", "Số hóa hồ sơ", "Digitising records", "so hoa ho so"),
    (
        "dvc_guide",
        "Hướng dẫn dịch vụ công trực tuyến",
        "Guiding people in online public services",
        "huong dan dich vu cong truc tuyen",
    ),
    ("kpi", "Cài đặt phần mềm đánh giá KPI", "Setting up the KPI-assessment software", "cai dat phan mem danh gia kpi"),
    (
        "training",
        "Tập huấn kỹ năng số cho cán bộ",
        "Training officials in digital skills",
        "tap huan ky nang so cho can bo",
    ),
    ("sysadmin", "Quản trị máy tính", "Computer administration", "quan tri may tinh"),
)

GUIDANCE_VI = {
    "software": (
        "1. Nhận danh sách phần mềm dùng chung của tỉnh mà xã phải dùng và kiểm tra tài khoản của từng cán bộ.\n"
        "2. Cùng cán bộ làm thử một hồ sơ thật trên từng phần mềm; ghi lại bước nào vướng.\n"
        "3. Lỗi thuộc hệ thống thì báo bộ phận hỗ trợ của tỉnh, ghi mã yêu cầu vào sổ theo dõi của xã.\n"
        "4. Không giữ, không dùng mật khẩu của cán bộ."
    ),
    "pasc": (
        "1. Có mặt tại quầy trong giờ tiếp dân theo lịch đã phân công.\n"
        "2. Giúp cán bộ tiếp nhận, quét và chuyển hồ sơ điện tử; người dân là người được phục vụ trước.\n"
        "3. Cuối ngày đối chiếu số hồ sơ tiếp nhận, đã chuyển, quá hạn với cán bộ phụ trách."
    ),
    "digitise": (
        "1. Thống nhất với xã loại hồ sơ ưu tiên và nơi quét.\n"
        "2. Quét, đặt tên tệp và nhập thông tin theo quy định lưu trữ; kiểm tra lại ít nhất một phần mười số hồ sơ.\n"
        "3. Hồ sơ giấy không rời trụ sở; bản quét không lưu trên máy cá nhân hay dịch vụ ngoài hệ thống của tỉnh."
    ),
    "dvc_guide": (
        "1. Hướng dẫn người dân dùng VNeID và nộp hồ sơ trên Cổng dịch vụ công quốc gia, ưu tiên người cao tuổi.\n"
        "2. Để người dân tự thao tác; không nhập hộ mật khẩu hay mã OTP.\n"
        "3. Ghi số lượt hướng dẫn và các thủ tục hay vướng để báo về Sở."
    ),
    "kpi": (
        "1. Cùng lãnh đạo xã rà soát vị trí việc làm và nhập cơ cấu tổ chức.\n"
        "2. Tạo tài khoản, nhập bộ tiêu chí do tỉnh ban hành; không tự đặt tiêu chí.\n"
        "3. Cho từng cán bộ chấm thử một kỳ rồi bàn giao cho người phụ trách của xã."
    ),
    "training": (
        "1. Khảo sát nhanh kỹ năng của cán bộ trước khi soạn bài.\n"
        "2. Dạy trên việc thật của xã: xử lý văn bản, chữ ký số, họp trực tuyến, an toàn thông tin.\n"
        "3. Để lại tài liệu ngắn bằng tiếng Việt và danh sách người tham gia."
    ),
    "sysadmin": (
        "1. Kiểm kê máy tính, máy in, máy quét, đường truyền; ghi tình trạng vào sổ thiết bị.\n"
        "2. Cập nhật hệ điều hành, phần mềm diệt vi-rút, sao lưu dữ liệu; đặt lại cấu hình mạng khi cần.\n"
        "3. Không cài phần mềm không rõ nguồn gốc; mọi thay đổi được xã đồng ý trước."
    ),
}
