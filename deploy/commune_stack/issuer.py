"""The development issuer: an OpenID Connect provider that lets in whoever is picked from its list. Test equipment.

`PEOPLE` is one person a role; the subject is the role's word, so that its page reads well. Its tokens say that the
e-mail is verified, and of administrators that they showed a second factor. A client of any name is served.
"""

import asyncio
import os
import threading
import warnings
from dataclasses import dataclass
from typing import Any

AUDIENCE = "commune-portal"
STRONG = "mfa"


@dataclass(frozen=True)
class Person:
    """Somebody synthetic who signs in: `subject` is how the issuer knows them."""

    subject: str
    email: str
    name: str
    is_strong: bool = False

    @property
    def claims(self) -> dict[str, Any]:
        return {
            "email": self.email,
            "email_verified": True,
            "name": self.name,
            "amr": ["pwd", STRONG] if self.is_strong else ["pwd"],
        }


PEOPLE = (
    Person("national_admin", "quantri.quocgia@example.vn", "Nguyễn Quản Trị (Trung ương)", is_strong=True),
    Person("admin", "noivu@example.vn", "Trần Nội Vụ", is_strong=True),
    Person("admin_two", "noivu2@example.vn", "Lý Nội Vụ", is_strong=True),
    Person("director", "giamdoc.khcn@example.vn", "Lê Giám Đốc"),
    Person("overseer", "phogiamdoc.khcn@example.vn", "Phạm Phó Giám Đốc"),
    Person("group_overseer", "phogiamdoc2.khcn@example.vn", "Trịnh Phó Giám Đốc"),
    Person("secretary_office", "vanphong.tinhuy@example.vn", "Võ Văn Phòng"),
    Person("education_department", "giaoduc@example.vn", "Đỗ Giáo Dục"),
    Person("school_coordinator", "dieuphoi.truong@example.vn", "Bùi Điều Phối"),
    Person("school_viewer", "xem.truong@example.vn", "Hồ Xem Trường"),
    Person("unit_officer", "donvi@example.vn", "Mai Đơn Vị"),
    Person("commune_officer", "canbo.xa@example.vn", "Cao Cán Bộ"),
    Person("finance", "taichinh@example.vn", "Đinh Tài Chính"),
    Person("leader", "lanhdao@example.vn", "Đặng Lãnh Đạo"),
    Person("auditor", "kiemtra@example.vn", "Tô Kiểm Tra"),
    Person("nobody", "chuaduocmoi@example.vn", "Khách Chưa Mời"),
)
"""`nobody` was never invited."""


def issuer_settings(url: str) -> dict[str, Any]:
    """As ROSTER_ISSUERS has it."""
    return {"issuer": url, "audience": AUDIENCE, "strong_amr": [STRONG]}


async def run(*, host: str, port: int, until: asyncio.Event) -> None:
    """Serves until told to stop."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http, on the loopback interface
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its library's own imports
        import oidc_provider_mock  # noqa: PLC0415
        import werkzeug.serving  # noqa: PLC0415
    users = [oidc_provider_mock.User(sub=person.subject, claims=person.claims) for person in PEOPLE]
    app = oidc_provider_mock.app(user_claims=users)
    app.debug = False
    app.wsgi_app = app.wsgi_app.app  # without the debugger, which runs what a page sends it
    server = werkzeug.serving.make_server(host, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        await until.wait()
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join(1)
