"""The ways in which texts of lists are spoilt, and the fonts that show them as letters."""

import re
from enum import StrEnum


class Legacy(StrEnum):
    """How a text was spoilt."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    CP1258 = "cp1258"
    UTF8_TWICE = "utf8_twice"


NAMES = {
    Legacy.TCVN3: "TCVN3 (ABC)",
    Legacy.VNI: "VNI",
    Legacy.CP1258: "Windows-1258",
    Legacy.UTF8_TWICE: "UTF-8",
}
FONTS = ((re.compile(r"^\.vn", re.IGNORECASE), Legacy.TCVN3), (re.compile(r"^vni[- ]", re.IGNORECASE), Legacy.VNI))


def legacy_of_font(font: str) -> Legacy | None:
    """'.VnTime' is a TCVN3 font and 'VNI-Times' a VNI one; None for any other."""
    return next((legacy for pattern, legacy in FONTS if pattern.match(font)), None)
