"""What is done to a sheet before its table is looked for: old fonts put right, orders of dates told."""

from roster_api.rosters.reading.cells import Sheet
from roster_api.rosters.reading.dates import mark_date_orders
from roster_api.rosters.reading.legacy_sheets import repair_sheet


def prepare(sheet: Sheet) -> Sheet:
    """The same sheet in shape; cells that are read otherwise than they stand say so themselves."""
    return mark_date_orders(repair_sheet(sheet))
