"""Shapes of provinces and of the import of their communes."""

from pydantic import Field

from roster_api.shapes import Answer, Body


class ProvinceRead(Answer):
    code: str = Field(examples=["56"])
    name: str = Field(examples=["Khánh Hòa"])
    full_name: str = Field(examples=["Tỉnh Khánh Hòa"])
    latitude: float
    longitude: float
    communes: int = Field(description="How many communes, wards and special zones are imported")
    four_eyes: bool = Field(description="Who approves a plan is not who publishes it, and neither is a key")
    sms_price_vnd: int | None = Field(description="Of one SMS segment; null: not known")
    pays_on_school_word: bool = Field(description="Days are paid that only the school confirmed")
    is_plan_public: bool = Field(description="Everybody may read the plan in force by commune, without anybody's name")


class PublishingRules(Body):
    """How a province publishes."""

    four_eyes: bool
    sms_price_vnd: int | None = Field(None, ge=0, le=100_000, description="Of one SMS segment, in đồng")
    pays_on_school_word: bool = Field(
        False, description="Pay days that a school confirmed while its commune was silent; left out: as it was"
    )
    is_plan_public: bool = Field(False, description="GET /v1/public/provinces/{code}/plan answers everybody")


class CommuneImportAnswer(Answer):
    """The same import again says: all the same."""

    province_code: str
    total: int = Field(description="Communes of the province in the source")
    created: int
    updated: int
    same: int
    not_in_source: list[str] = Field(description="Codes we hold that the source does not know; left as they are")
