"""A large file is nowhere held whole beside its copies: hashed as it comes, sealed from disk, stored in pieces."""

import asyncio
import hashlib
import random
import subprocess
import sys
from itertools import pairwise

import pytest
from asyncpg import Connection
from hypothesis import given
from hypothesis import strategies as st
from roster_api.form_digests import FormDigest
from roster_api.rosters import sent_files
from roster_api.rosters.repository import read_content
from starlette.requests import Request

from tests.roster_api.rosters.conftest import SchoolDesk

BOUNDARY = b"by-chance"
PIECE = 64 * 1024
LARGE = random.Random(7).randbytes(20 * PIECE)
"""Nobody's list: it is stored all the same, and refused when it is read."""
MAPPED_BLOCKS = """
import ctypes
from commune_service.memory import LARGE_BYTES, give_large_blocks_back

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
give_large_blocks_back()
for _ in range(3):
    libc.free(libc.malloc(20 * LARGE_BYTES))  # by itself it would raise the bound to this
place = libc.malloc(2 * LARGE_BYTES)
with open("/proc/self/maps") as maps:
    heaps = [line.split()[0].split("-") for line in maps if "[heap]" in line]
print("heap" if any(int(start, 16) <= place < int(end, 16) for start, end in heaps) else "mapped")
"""


async def test_a_large_file_is_stored_in_pieces_and_is_the_file_that_was_sent(
    desk: SchoolDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = Connection.execute
    lengths: list[int] = []

    async def note(self: Connection, query: str, *values: object, **more: object) -> str:
        lengths.extend(len(value) for value in values if isinstance(value, bytes))
        answer: str = await execute(self, query, *values, **more)
        return answer

    monkeypatch.setattr(sent_files, "PIECE_BYTES", PIECE)
    monkeypatch.setattr(Connection, "execute", note)
    upload = (await desk.upload(LARGE)).json()
    assert len(lengths) > len(LARGE) // PIECE
    assert max(lengths) == PIECE
    async with desk.app.state.sessions() as session:
        assert await read_content(session, upload_id=upload["id"]) == LARGE
    assert (await desk.look(upload))["size_bytes"] == len(LARGE)


async def test_a_form_with_a_key_is_not_kept_to_be_hashed(desk: SchoolDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def keep(_request: Request) -> bytes:
        raise AssertionError("the whole form was asked for")

    monkeypatch.setattr(Request, "body", keep)
    first = await desk.upload(LARGE, **{"Idempotency-Key": "large"})
    again = await desk.upload(LARGE, **{"Idempotency-Key": "large"})
    assert (first.status_code, first.json()["id"]) == (202, again.json()["id"])


async def test_fifty_uploads_at_once_under_one_key_are_one_upload(desk: SchoolDesk) -> None:
    answers = await asyncio.gather(*[desk.upload(LARGE, **{"Idempotency-Key": "fifty"}) for _ in range(50)])
    assert {answer.status_code for answer in answers} <= {202, 409}
    made = {answer.json()["id"] for answer in answers if answer.status_code == 202}
    assert len(made) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency.in_progress"}
    listed = await desk.client.get(f"/v1/schools/{desk.school_id}/roster-uploads")
    assert [upload["id"] for upload in listed.json()["items"]] == [*made]


@given(
    body=st.lists(st.sampled_from([b"--" + BOUNDARY, BOUNDARY, b"-", b"--", b"\r\n", b"by-ch", b"Hoa"]), max_size=30),
    cuts=st.lists(st.integers(0, 200), max_size=12),
)
def test_a_form_hashes_to_the_same_however_it_comes_in_pieces(body: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(body)
    told = FormDigest(hashlib.sha256(b"POST"), boundary=BOUNDARY)
    places = [0, *sorted(cut for cut in cuts if cut < len(whole)), len(whole)]
    for start, end in pairwise(places):
        told.take(whole[start:end])
        told.hexdigest()  # asked at any time, it changes nothing
    assert told.hexdigest() == hashlib.sha256(b"POST" + whole.replace(b"--" + BOUNDARY, b"--")).hexdigest()


def test_what_was_large_is_not_kept_by_the_c_library() -> None:
    answer = subprocess.run([sys.executable, "-c", MAPPED_BLOCKS], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "mapped"
