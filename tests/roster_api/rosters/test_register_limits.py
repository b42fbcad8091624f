"""A register is written within the request that commits it: a sheet of more rows than that has time for is refused."""

import pytest
from roster_api.registers.declarations import UNITS
from roster_api.rosters.reading.cells import Appearance, Cell, Sheet
from roster_api.rosters.reading.declared import MAXIMUM_ROWS, read_declared
from roster_api.rosters.reading.refusals import RefusedFileError

from tests.support.refusals import check_words


def units(count: int) -> list[Sheet]:
    rows: list[list[Cell]] = [["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"]]
    rows += [[f"DV{number}", f"Đơn vị {number}", "Sở, ban, ngành"] for number in range(count)]
    return [Sheet("DS", rows)]


def test_a_register_of_as_many_rows_as_can_be_written_is_read() -> None:
    assert len(read_declared(units(MAXIMUM_ROWS), UNITS).rows) == MAXIMUM_ROWS


def test_a_cell_that_shows_an_error_or_is_crossed_out_is_said_so_at_its_column() -> None:
    (sheet,) = units(2)
    appearance = Appearance(faults={(1, 1): "#REF!"}, struck={(2, 1)})
    reading = read_declared([Sheet(sheet.name, sheet.rows, appearance)], UNITS)
    findings = [[(finding.code, column, where) for finding, column, where, _ in row.findings] for row in reading.rows]
    assert findings == [[("cell.faulty", "Tên đơn vị", "B2")], [("cell.crossed_out", "Tên đơn vị", "B3")]]
    for row in reading.rows:
        for finding, *_ in row.findings:
            check_words(finding.vi, finding.en)


def test_a_longer_register_is_refused_with_how_to_send_it() -> None:
    with pytest.raises(RefusedFileError, match=r"register\.too_many_rows") as refused:
        read_declared(units(MAXIMUM_ROWS + 1), UNITS)
    assert "20.000" in refused.value.vi
    assert "từng phần" in refused.value.vi
