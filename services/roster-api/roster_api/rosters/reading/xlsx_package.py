"""The package of an .xlsx: its parts and their relations, its sheets, the comments at their cells."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree as ET

from roster_api.rosters.reading.cells import MAXIMUM_CELL_LENGTH, Place
from roster_api.rosters.reading.refusals import too_heavy
from roster_api.rosters.reading.xlsx_plain import column_of

COMMENTS_READ = 10_000
BOXES_READ = 100


MOST_TAGS = 1_000_000
"""Of a part that is held as a tree: each takes two hundred bytes. Excel has 64,000 styles at most."""


def parse(content: bytes) -> ET.Element:
    if content.count(b"<") > MOST_TAGS:
        raise too_heavy()
    return ET.fromstring(content)  # noqa: S314 - archives.py has refused doctypes and entities


def items_of(content: bytes, name: str) -> Iterator[ET.Element]:
    """Each element of this name, let go when the next is asked for: a list has hundreds of thousands of strings."""
    for _, element in ET.iterparse(BytesIO(content)):  # noqa: S314 - as above
        if local(element.tag) == name:
            yield element
            element.clear()


def local(tag: str) -> str:
    """A tag or attribute without its namespace or prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def attributes(element: ET.Element) -> dict[str, str]:
    return {local(name): value for name, value in element.attrib.items()}


def sheets_of(archive: zipfile.ZipFile, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """(name, state, path) of the worksheets, by the workbook's part and its relations."""
    targets = relations(archive, names, "_rels/.rels", folder="")
    book = next((path for kind, path in targets.values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
    book = names.get(book.lower(), book)
    folder, name = posixpath.split(book)
    paths = relations(archive, names, f"{folder}/_rels/{name}.rels", folder=folder)
    sheets = []
    for element in parse(archive.read(book)).iter():
        if local(element.tag) == "sheet":
            values = attributes(element)
            kind, path = paths.get(values.get("id", ""), ("", ""))
            if kind.endswith("/worksheet") and path.lower() in names:
                sheets.append((values.get("name", ""), values.get("state", ""), names[path.lower()]))
    return sheets


def relations(archive: zipfile.ZipFile, names: dict[str, str], path: str, *, folder: str) -> dict[str, tuple[str, str]]:
    """{id: (type, path from the root)}."""
    found: dict[str, tuple[str, str]] = {}
    if path.lower() not in names:
        return found
    for element in parse(archive.read(names[path.lower()])):
        values = attributes(element)
        target = values.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[values.get("Id", "")] = (values.get("Type", ""), whole)
    return found


def read_comments(archive: zipfile.ZipFile, names: dict[str, str], path: str) -> dict[Place, str]:
    """{place: text} of a sheet's comments; of threads Excel writes their words as comments, too."""
    folder, name = posixpath.split(path)
    found: dict[Place, str] = {}
    for kind, part in relations(archive, names, f"{folder}/_rels/{name}.rels", folder=folder).values():
        if not kind.endswith("/comments") or part.lower() not in names:
            continue
        for element in parse(archive.read(names[part.lower()])).iter():
            place = place_of(attributes(element).get("ref", "")) if local(element.tag) == "comment" else None
            text = "".join(item.text or "" for item in element.iter() if local(item.tag) == "t").strip()
            if place and text and len(found) < COMMENTS_READ:
                found[place] = text[:MAXIMUM_CELL_LENGTH]
    return found


def read_boxes(archive: zipfile.ZipFile, names: dict[str, str], path: str) -> list[str]:
    """The texts of the boxes and shapes that lie over a sheet."""
    folder, name = posixpath.split(path)
    boxes: list[str] = []
    for kind, part in relations(archive, names, f"{folder}/_rels/{name}.rels", folder=folder).values():
        if not kind.endswith("/drawing") or part.lower() not in names:
            continue
        for element in parse(archive.read(names[part.lower()])).iter():
            if local(element.tag) == "txBody" and len(boxes) < BOXES_READ:
                text = " ".join(item.text or "" for item in element.iter() if local(item.tag) == "t").strip()
                boxes += [text[:MAXIMUM_CELL_LENGTH]] if text else []
    return boxes


def place_of(text: str) -> tuple[int, int] | None:
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d+)", text)
    return (int(match[2]) - 1, column_of(match[1])) if match else None
