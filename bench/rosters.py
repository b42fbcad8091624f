"""Schools' lists: how long until a list can be looked at, and until a long one is on the roster.

The ceiling does the least that anybody could with the same file in the same run: calamine reads it, pydantic checks
each row, COPY puts the rows into a table. What the service does besides is in the ratio.
"""

import asyncio
import contextlib
import io
import random
import time
import zipfile
from collections.abc import AsyncIterator, Iterator
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import psutil
import xlsxwriter
from pydantic import BaseModel, Field, TypeAdapter
from python_calamine import CalamineWorkbook

from bench.load_world import LoadWorld, load_world
from bench.rows import Row, make_row

LONGEST, LARGE, SMALL, TIMES = 100_000, 50_000, 243, 3
REVIEW_RATIO, COMMIT_RATIO, MEMORY_MB, SMALL_SECONDS = 4.0, 2.5, 300.0, 1.0
HEAVIEST_BYTES, AT_ONCE = 18_600_000, 3
LOOK_SECONDS, GIVE_UP_SECONDS = 0.02, 900
LARGE_BYTES, LOOK_AT_LARGE_SECONDS = 1_000_000, 0.2
"""Whoever waits for a long list does not take the processor's time that its reader needs."""
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
    """The largest any process becomes: the reader, what it started (and what that started), the service."""

    def __init__(self, world: LoadWorld) -> None:
        self.reader, self.service, self.most_mb = psutil.Process(world.reader_pid), psutil.Process(world.pid), 0.0

    def most_so_far(self) -> float:
        """Since it was asked last."""
        most, self.most_mb = self.most_mb, 0.0
        return most

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            looking.cancel()

    async def _look(self) -> None:
        while True:
            for process in (self.service, self.reader, *self.reader.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    self.most_mb = max(self.most_mb, process.memory_info().rss / 1e6)
            await asyncio.sleep(0.1)


async def until_at_rest(client: httpx.AsyncClient, upload: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    pause = LOOK_AT_LARGE_SECONDS if upload["size_bytes"] > LARGE_BYTES else LOOK_SECONDS
    while upload["progress"] is not None and time.monotonic() < deadline:
        await asyncio.sleep(pause)
        upload = (await client.get(f"/v1/roster-uploads/{upload['id']}")).json()
    assert upload["progress"] is None, upload["status"]
    return upload


async def review(client: httpx.AsyncClient, school_id: str, content: bytes) -> tuple[float, dict[str, Any]]:
    """(seconds until the preview is there, the upload)."""
    began, path = time.perf_counter(), f"/v1/schools/{school_id}/roster-uploads"
    once = {"Idempotency-Key": f"bench-{uuid4()}"}
    answer = await client.post(path, files={"file": ("ds.xlsx", content)}, headers=once)
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
        watch, bare = Watch(world), [await bare_seconds(world.database_url, content)]
        async with client_of(world, key) as client, watch.watching():
            seconds, upload = await review(client, school_id, content)
            reviewed_mb = watch.most_so_far()
            bare.append(await bare_seconds(world.database_url, content))
            watch.most_so_far()
            committed = await commit(client, upload)
            committed_mb = watch.most_so_far()
            bare.append(await bare_seconds(world.database_url, content))
            watch.most_so_far()
            again, second = await review(client, school_id, content)
            again_mb = watch.most_so_far()
        assert upload["counts"]["new"] == LARGE, upload["counts"]
        assert second["counts"]["same"] == LARGE, second["counts"]
    least = median(bare)
    return [
        make_row("roster.upload_50k", seconds, "s", ceiling=least, ratio_at_most=REVIEW_RATIO, people=LARGE),
        make_row("roster.upload_50k.memory", reviewed_mb, "MB", at_most=MEMORY_MB),
        make_row("roster.commit_50k", committed, "s", ceiling=least, ratio_at_most=COMMIT_RATIO, people=LARGE),
        make_row("roster.commit_50k.memory", committed_mb, "MB", at_most=MEMORY_MB),
        make_row("roster.second_50k", again, "s", ceiling=least, people=LARGE),
        make_row("roster.second_50k.memory", again_mb, "MB", at_most=MEMORY_MB),
    ]


async def _measure_longest() -> list[Row]:
    content = make_list(LONGEST)
    async with load_world() as world:
        school_id, key = world.schools[1]
        watch = Watch(world)
        async with client_of(world, key) as client, watch.watching():
            seconds, _ = await review(client, school_id, content)
        facts = {"people": LONGEST, "file_mb": len(content) / 1e6}
    return [
        make_row("roster.upload_100k", seconds, "s", **facts),
        make_row("roster.upload_100k.memory", watch.most_so_far(), "MB", at_most=MEMORY_MB),
    ]


def make_heaviest() -> bytes:
    """A list with a picture in it that makes the file as large as one may be."""
    out = io.BytesIO(make_list(SMALL))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/media/image1.png", random.Random(1).randbytes(HEAVIEST_BYTES))
    return out.getvalue()


async def _measure_heaviest() -> list[Row]:
    """Sent by several schools at once, under keys of their own; then one comes back with its errors."""
    content = make_heaviest()
    async with load_world() as world:
        watch, schools = Watch(world), world.schools[1 : 1 + AT_ONCE]
        async with contextlib.AsyncExitStack() as clients, watch.watching():
            desks = [(school, await clients.enter_async_context(client_of(world, key))) for school, key in schools]
            uploads = await asyncio.gather(*[review(client, school, content) for school, client in desks])
            sent_mb = watch.most_so_far()
            answer = await desks[0][1].get(f"/v1/roster-uploads/{uploads[0][1]['id']}/annotated")
            answer.raise_for_status()
        back_mb = watch.most_so_far()
    facts = {"file_mb": len(content) / 1e6}
    return [
        make_row("roster.upload_heaviest.memory", sent_mb, "MB", at_most=MEMORY_MB, at_once=AT_ONCE, **facts),
        make_row("roster.annotate_heaviest.memory", back_mb, "MB", at_most=MEMORY_MB, **facts),
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
    """50,000 people, read, then written, then sent again against those who are there; and the longest list."""
    yield from asyncio.run(_measure_large())
    yield from asyncio.run(_measure_longest())


def small() -> Iterator[Row]:
    """243 people, three times; the median."""
    yield from asyncio.run(_measure_small())


def heaviest() -> Iterator[Row]:
    """Files of 18.6 MB: how large any process becomes."""
    yield from asyncio.run(_measure_heaviest())


def lists() -> Iterator[Row]:
    yield from small()
    yield from heaviest()
    yield from large()


CASES = {"roster": lists}
