"""What the campaign came to, put together for a reader: by school, by commune, and as the numbers of summary.json."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from commune_verify.figures import Figures

from commune_demo.chapters import Chapter

WEEKDAY_SHORT = ("T2", "T3", "T4", "T5", "T6")


@dataclass(frozen=True)
class PlacedPerson:
    volunteer_id: str
    full_name: str
    role: str
    school_code: str
    commune_code: str
    weekdays: tuple[int, ...]
    dates: tuple[date, ...]
    duties: tuple[str, ...]
    distance_km: int
    email: str
    phone: str

    @property
    def days_in_words(self) -> str:
        return ", ".join(WEEKDAY_SHORT[day] for day in self.weekdays)


@dataclass
class CommuneResult:
    code: str
    name: str
    latitude: float
    longitude: float
    is_remote: bool
    lacks_it_staff: bool
    needed_days: int
    lead_code: str | None = None
    lead_km: int = 0
    support_codes: list[str] = field(default_factory=list)
    unmet_days: int = 0
    why_vi: str = ""
    """Why its school leads it, in one sentence."""
    why_en: str = ""
    lacks: list[tuple[str, str]] = field(default_factory=list)
    """Of each need left unmet why, and what would mend it: Vietnamese, English."""
    people: list[PlacedPerson] = field(default_factory=list)


@dataclass
class SchoolResult:
    code: str
    name: str
    short_name: str
    latitude: float
    longitude: float
    people_listed: int
    communes: list[CommuneResult] = field(default_factory=list)
    promised_days: int = 0
    people_placed: int = 0
    person_days: int = 0

    @property
    def mean_km(self) -> float:
        reached = [commune.lead_km for commune in self.communes if not commune.is_remote]
        return sum(reached) / len(reached) if reached else 0.0

    @property
    def farthest_km(self) -> int:
        return max((commune.lead_km for commune in self.communes if not commune.is_remote), default=0)


@dataclass
class CampaignResult:
    """Everything the console, the report and summary.json show. Counts of messages come from the sinks."""

    campaign_name: str
    province_name: str
    starts_on: date
    ends_on: date
    plan_version: int
    schools: list[SchoolResult]
    communes: list[CommuneResult]
    certificate: Mapping[str, Any]
    messages: Mapping[str, Mapping[str, int]]
    """channel -> status -> number, as the notifier shows it."""
    answers: Mapping[str, int]
    people_listed: int
    emails: int = 0
    sms: int = 0
    duplicates: int = 0
    figures: Figures | None = None
    """Of the map: kilometres, pieces, loads; None before the run's documents are read."""
    reasons: list[tuple[str, str]] = field(default_factory=list)
    """What an officer would ask first about the plan, answered: Vietnamese, English."""
    faults: list[str] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    """What happened around the plan, each checked from the sinks."""
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, chapter: Chapter) -> None:
        """Its faults count like any other."""
        self.chapters.append(chapter)
        self.faults += chapter.faults

    @property
    def people(self) -> list[PlacedPerson]:
        return [person for commune in self.communes for person in commune.people]

    @property
    def stages(self) -> Sequence[Mapping[str, Any]]:
        stages: Sequence[Mapping[str, Any]] = self.certificate["stages"]
        return stages

    @property
    def stage_a(self) -> Mapping[str, Any]:
        return next(stage for stage in self.stages if stage["stage"] == "A")

    @property
    def placement_totals(self) -> dict[str, dict[str, int]]:
        """Objective and bound of stage B, summed over the schools."""
        totals: dict[str, dict[str, int]] = {"objective": {}, "bound": {}}
        for stage in self.stages:
            if stage["stage"] == "B":
                for kind, levels in totals.items():
                    for level, value in stage[kind].items():
                        levels[level] = levels.get(level, 0) + value
        return totals

    def summary(self) -> dict[str, Any]:
        """The document summary.json: counts as found in the sinks, objective and bound as proved."""
        led = sum(commune.lead_code is not None for commune in self.communes)
        return {
            "communes": len(self.communes),
            "led": led,
            "people": self.people_listed,
            "placed": len(self.people),
            "unplaced": self.people_listed - len(self.people),
            "emails": self.emails,
            "sms": self.sms,
            "duplicates": self.duplicates,
            "objective": dict(self.stage_a["objective"]),
            "bound": dict(self.stage_a["bound"]),
            "gap": max(self.stage_a["gap"].values(), default=0.0),
            "map": asdict(self.figures) if self.figures else None,
            "reasons": [vi for vi, _ in self.reasons],
            "placement": {
                **self.placement_totals,
                "schools": {
                    stage["school_code"]: {"status": stage["status"], **stage["objective"]}
                    for stage in self.stages
                    if stage["stage"] == "B"
                },
            },
            "messages": self.messages,
            "answers": self.answers,
            "chapters": {chapter.name: chapter.facts for chapter in self.chapters},
            "seconds": {step: round(seconds, 2) for step, seconds in self.seconds.items()},
            "faults": self.faults,
        }
