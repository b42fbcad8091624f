"""What stands in each role's menu. The API decides what a role may; the menu only leads there."""

from dataclasses import dataclass

ADMIN = "admin"
SCHOOL = "school_coordinator"
COMMUNE = "commune_officer"
FINANCE = "finance"
UNIT = "unit_officer"
OVERSEER = "overseer"
GROUP_OVERSEER = "group_overseer"
"""An overseer who is bound to a group: the API opens its communes to them, and neither people's lists nor drafts."""
OVERSEERS = frozenset({OVERSEER, GROUP_OVERSEER})
PLANNERS = frozenset({ADMIN, "director", OVERSEER})
"""Who sees runs and drafts."""
OF_SCHOOLS = frozenset({SCHOOL, "school_viewer"})
CALLERS = frozenset({ADMIN, SCHOOL})
"""Who sees the answers of whole schools, and calls."""
READ_POINTS = PLANNERS | OF_SCHOOLS | {COMMUNE}
"""Starting points of schools and communes."""
READ_PLANS = PLANNERS | OF_SCHOOLS | {GROUP_OVERSEER, COMMUNE, "finance", "education_department", "secretary_office"}
READ_PEOPLE = PLANNERS | OF_SCHOOLS | {"finance", "education_department"}
READ_PLACEMENTS = READ_PLANS - {"secretary_office"}
"""Who sees who goes where, and which days they come; the Secretary's office sees communes and numbers."""
READ_TOTALS = PLANNERS | {"secretary_office", "education_department", "finance", "leader"}
"""Who sees how the campaign stands as a whole."""
FOLLOW = PLANNERS | {GROUP_OVERSEER}
"""Who follows communes: solves what they are stuck with, and keeps the log of support."""
EVERYBODY = READ_PLANS | {UNIT, "leader", "auditor"}


@dataclass(frozen=True)
class Item:
    path: str
    vi: str
    en: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()
    """Where pages of this part have addresses of their own."""

    def leads_to(self, path: str) -> bool:
        """Whether a page belongs to this part."""
        starts = (self.path, *self.also) if self.path != "/" else ()
        return path == self.path or any(path == start or path.startswith(f"{start}/") for start in starts)


OF_CAMPAIGNS = ("/plans", "/runs", "/groupings", "/advice", "/national")
ITEMS = (
    Item("/", "Việc của tôi", "My work", EVERYBODY - {"leader", "auditor", GROUP_OVERSEER}),
    Item("/campaigns", "Chiến dịch", "Campaigns", READ_PLANS, OF_CAMPAIGNS),
    Item("/my-communes", "Xã tôi theo dõi", "My communes", OVERSEERS),
    Item("/leaders", "Tổng hợp", "Overview", READ_TOTALS),
    Item("/schools", "Trường", "Schools", FOLLOW),
    Item("/lists", "Danh sách", "Lists", frozenset({SCHOOL})),
    Item("/volunteers", "Người tham gia", "People", READ_PEOPLE, ("/withdrawals",)),
    Item("/call-list", "Cần gọi điện", "To call", CALLERS),
    Item("/communes", "Xã, phường", "Communes", FOLLOW | {COMMUNE}),
    Item("/training", "Bồi dưỡng", "Training", (PLANNERS - {ADMIN}) | {COMMUNE, SCHOOL}),
    Item("/staff", "Cán bộ, biệt phái", "Staff", frozenset({ADMIN, UNIT}), ("/training",)),
    Item("/allowances", "Kinh phí", "Allowances", OF_SCHOOLS | {ADMIN, FINANCE, "leader"}, ("/allowance-rates",)),
    Item("/settings/audit", "Nhật ký", "Audit log", frozenset({"auditor"}), ("/settings",)),
    Item(
        "/settings", "Thiết lập", "Settings", frozenset({ADMIN, SCHOOL, "director"}), ("/out-of-use", "/data-subjects")
    ),
)


def list_items(role: str) -> list[Item]:
    return [item for item in ITEMS if role in item.roles]
