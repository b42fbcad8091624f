"""Table provinces."""

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from roster_api.database import Base, BytewiseText


class Province(Base):
    __tablename__ = "provinces"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    full_name: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    search_key: Mapped[str]
    sort_key: Mapped[str] = mapped_column(BytewiseText)
    four_eyes: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Who approves a plan is not who publishes it, and neither is a key."""
    sms_price_vnd: Mapped[int | None]
    """Of one segment; None: not known."""
    pays_on_school_word: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Days are paid that a school confirmed while its commune was silent; else not until commune or province do."""
    is_plan_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Everybody may read the plan in force: schools and numbers by commune, nobody's name."""
