"""Schools' lists: how long until a list can be looked at, and until a long one is on the roster.

The ceiling does the least that anybody could with the same file in the same run: calamine reads it, pydantic checks
each row, COPY puts the rows into a table. What the service does besides is in the ratio.
"""

import asyncio
import contextlib
import io
import random
import time
from collections.abc import AsyncIterator, Iterator
from statistics import median
from typing import Any

import asyncpg
import httpx
import psutil
import xlsxwriter
from pydantic import BaseModel, Field, TypeAdapter
from python_calamine import CalamineWorkbook

from bench.load_world import LoadWorld, load_world
from bench.rows import Row, make_row

LARGE, SMALL, TIMES = 50_000, 243, 3
REVIEW_RATIO, COMMIT_RATIO, MEMORY_MB, SMALL_SECONDS = 4.0, 2.5, 300.0, 1.0
LOOK_SECONDS, GIVE_UP_SECONDS = 0.02, 900
HEADER = ("Mã số", "Họ và tên", "Vai trò", "Số điện thoại", "Email", "Ngày rảnh", "Số ngày/tuần", "Lĩnh vực")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Minh", "Thanh", "Ngọc", "Quang", "Xuân", "Thu", "Hoài", "Gia", "Bảo", "Kim")
GIVEN = ("An", "Anh", "Bình", "Châu", "Chi", "Cường", "Dung", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hoa", "Lan", "Yến")
DAYS = ("T2, T4", "T3", "T2-T5", "T4, T6", "cả tuần", "Thứ hai; thứ tư", "sáng thứ 3")
FIELDS = ("Số hóa hồ sơ", "KPI", "Tập huấn", "Số hóa; Tập huấn")


class BareRow(BaseModel):
    """What the least would check."""

    code: str = Field(min_length=1, max_length=64)
    full_name: str = Field(min_length=1, max_length=200)
    role: str
    phone: str = Field(pattern=r"^0\d{9}$")
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    days: str
    days_a_week: float = Field(ge=1, le=5)
    fields: str


def make_list(people: int) -> bytes:
    """A list as schools send them; nobody in it exists."""
    rng, out = random.Random(people), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Danh sách")
    page.write_row(0, 0, HEADER)
    for number in range(1, people + 1):
        name = " ".join((rng.choice(FAMILY), rng.choice(MIDDLE), rng.choice(MIDDLE), rng.choice(GIVEN)))
        role = rng.choice(("SV năm 4", "GV", "SV năm 3", "Giảng viên"))
        who = (f"SV{number:06d}", name, role, f"095{number:07d}", f"sv{number}@truong.example")
        page.write_row(number, 0, [*who, rng.choice(DAYS), rng.choice((1, 2)), rng.choice(FIELDS)])
    book.close()
    return out.getvalue()


async def bare_seconds(database_url: str, content: bytes) -> float:
    """calamine + pydantic + COPY of the same rows."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            "create temporary table bare (code text primary key, full_name text, role text, phone text, email text, "
            "days text, days_a_week float8, fields text)"
        )
        began = time.perf_counter()
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        named = [dict(zip(BareRow.model_fields, row, strict=True)) for row in rows[1:]]
        checked = TypeAdapter(list[BareRow]).validate_python(named)
        records = [tuple(row.__dict__.values()) for row in checked]
        await connection.copy_records_to_table("bare", records=records)
        return time.perf_counter() - began
    finally:
        await connection.close()


class Watch:
    """The largest any of the reader's processes becomes."""

    def __init__(self, pid: int) -> None:
        self.reader, self.most_mb = psutil.Process(pid), 0.0

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            for process in (self.reader, *self.reader.children()):
                with contextlib.suppress(psutil.NoSuchProcess):
                    self.most_mb = max(self.most_mb, process.memory_info().rss / 1e6)
            await asyncio.sleep(0.1)


async def until_at_rest(client: httpx.AsyncClient, upload: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while upload["progress"] is not None and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
        upload = (await client.get(f"/v1/roster-uploads/{upload['id']}")).json()
    assert upload["progress"] is None, upload["status"]
    return upload


async def review(client: httpx.AsyncClient, school_id: str, content: bytes) -> tuple[float, dict[str, Any]]:
    """(seconds until the preview is there, the upload)."""
    began = time.perf_counter()
    answer = await client.post(f"/v1/schools/{school_id}/roster-uploads", files={"file": ("ds.xlsx", content)})
    answer.raise_for_status()
    upload = await until_at_rest(client, answer.json())
    assert upload["status"] == "in_review", upload["refusal"]
    return time.perf_counter() - began, upload


async def commit(client: httpx.AsyncClient, upload: dict[str, Any]) -> float:
    began = time.perf_counter()
    answer = await client.post(f"/v1/roster-uploads/{upload['id']}/commit", json={})
    answer.raise_for_status()
    done = await until_at_rest(client, answer.json())
    assert done["status"] == "committed", done["refusal"]
    return time.perf_counter() - began


def client_of(world: LoadWorld, key: str) -> httpx.AsyncClient:
    address = f"http://127.0.0.1:{world.port}"
    return httpx.AsyncClient(base_url=address, headers={"X-Api-Key": key}, timeout=GIVE_UP_SECONDS)


async def _measure_large() -> list[Row]:
    content = make_list(LARGE)
    async with load_world() as world:
        school_id, key = world.schools[1]
        bare = await bare_seconds(world.database_url, content)
        watch = Watch(world.reader_pid)
        async with client_of(world, key) as client, watch.watching():
            seconds, upload = await review(client, school_id, content)
            reviewed_mb, watch.most_mb = watch.most_mb, 0.0
            committed = await commit(client, upload)
        assert upload["counts"]["new"] == LARGE, upload["counts"]
    return [
        make_row("roster.upload_50k", seconds, "s", ceiling=bare, ratio_at_most=REVIEW_RATIO, people=LARGE),
        make_row("roster.upload_50k.memory", reviewed_mb, "MB", at_most=MEMORY_MB),
        make_row("roster.commit_50k", committed, "s", ceiling=bare, ratio_at_most=COMMIT_RATIO, people=LARGE),
        make_row("roster.commit_50k.memory", watch.most_mb, "MB", at_most=MEMORY_MB),
    ]


async def _measure_small() -> list[Row]:
    content = make_list(SMALL)
    async with load_world() as world:
        school_id, key = world.schools[1]
        async with client_of(world, key) as client:
            seconds = [(await review(client, school_id, content))[0] for _ in range(TIMES)]
        bare = await bare_seconds(world.database_url, content)
    return [make_row("roster.upload_243", median(seconds), "s", ceiling=bare, at_most=SMALL_SECONDS, people=SMALL)]


def large() -> Iterator[Row]:
    """50,000 people, read and then written."""
    yield from asyncio.run(_measure_large())


def small() -> Iterator[Row]:
    """243 people, three times; the median."""
    yield from asyncio.run(_measure_small())


def lists() -> Iterator[Row]:
    yield from small()
    yield from large()


CASES = {"roster": lists}
