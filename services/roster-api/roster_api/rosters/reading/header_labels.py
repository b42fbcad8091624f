"""What stands over each column of a header of one to three rows: merged groups, and groups named once in csv."""

from roster_api.rosters.reading.cells import Sheet, text_of

LONGEST_LABEL = 120
Labels = tuple[str, ...]
"""What stands over a column, outermost first; empty where nothing does."""


def labels_of(sheet: Sheet, number: int, depth: int) -> list[Labels]:
    """Each column's stack of texts; equal ones above each other (merged downwards) are one."""
    texts = [[text_of(cell) for cell in sheet.rows[row]] for row in range(number, number + depth)]
    width = max(len(row) for row in texts)
    texts = [row + [""] * (width - len(row)) for row in texts]
    for level in range(depth - 1):
        if not _has_wide_merge(sheet, number + level):
            _carry(texts, level)
    labels: list[Labels] = []
    for column in range(width):
        stack: list[str] = []
        for row in texts:
            if row[column] and len(row[column]) <= LONGEST_LABEL and (not stack or stack[-1] != row[column]):
                stack.append(row[column])
        labels.append(tuple(stack))
    return labels


def _carry(texts: list[list[str]], level: int) -> None:
    """A group's name stands over its first column only (csv): it holds until the next one, where something is below."""
    group = ""
    for column, text in enumerate(texts[level]):
        below = any(row[column] for row in texts[level + 1 :])
        if text:
            group = text
        elif below:
            texts[level][column] = group


def _has_wide_merge(sheet: Sheet, row: int) -> bool:
    return any(merge[0] <= row <= merge[2] and merge[3] > merge[1] for merge in sheet.appearance.merges)
