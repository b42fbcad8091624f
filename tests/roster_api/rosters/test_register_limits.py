"""A register is written within the request that commits it: a sheet of more rows than that has time for is refused."""

import pytest
from roster_api.registers.declarations import UNITS
from roster_api.rosters.reading.cells import Cell, Sheet
from roster_api.rosters.reading.declared import MAXIMUM_ROWS, read_declared
from roster_api.rosters.reading.refusals import RefusedFileError


def units(count: int) -> list[Sheet]:
    rows: list[list[Cell]] = [["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"]]
    rows += [[f"DV{number}", f"Đơn vị {number}", "Sở, ban, ngành"] for number in range(count)]
    return [Sheet("DS", rows)]


def test_a_register_of_as_many_rows_as_can_be_written_is_read() -> None:
    assert len(read_declared(units(MAXIMUM_ROWS), UNITS).rows) == MAXIMUM_ROWS


def test_a_longer_register_is_refused_with_how_to_send_it() -> None:
    with pytest.raises(RefusedFileError, match=r"register\.too_many_rows") as refused:
        read_declared(units(MAXIMUM_ROWS + 1), UNITS)
    assert "20.000" in refused.value.vi
    assert "từng phần" in refused.value.vi
