"""Kinds of settings that are lists: in the environment with commas between, each part checked as the process starts."""

from datetime import time
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode


def _split(given: object) -> object:
    return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given


def _are_networks(networks: list[str]) -> list[str]:
    for network in networks:
        try:
            ip_network(network)  # "*" is none: it would believe everybody
        except ValueError as error:
            raise ValueError(f"ROSTER_TRUSTED_PROXIES holds no address or network: {error}") from None
    return networks


def _are_origins(origins: list[str]) -> list[str]:
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"https", "http"} or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(f"ROSTER_PORTAL_ORIGINS holds no origin such as https://portal.example.vn: {origin!r}")
    return origins


def _read_spans(given: object) -> object:
    """'07:30-11:30,13:30-17:00' to pairs of times, in order."""
    if not isinstance(given, str):
        return given
    spans = []
    for part in given.split(","):
        opens, _, closes = part.strip().partition("-")
        try:
            spans.append((time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())))
        except ValueError:
            raise ValueError(f"ROSTER_WORKING_HOURS: {part.strip()!r} is no span such as 07:30-11:30") from None
    return spans


def _are_in_order(spans: list[tuple[time, time]]) -> list[tuple[time, time]]:
    ends = [moment for span in spans for moment in span]
    if not spans or ends != sorted(set(ends)):
        raise ValueError("ROSTER_WORKING_HOURS: each span must end after it begins, and the next begin later")
    return spans


WorkingHours = Annotated[list[tuple[time, time]], NoDecode, BeforeValidator(_read_spans), AfterValidator(_are_in_order)]
Networks = Annotated[list[str], NoDecode, BeforeValidator(_split), AfterValidator(_are_networks)]
Origins = Annotated[list[str], NoDecode, BeforeValidator(_split), AfterValidator(_are_origins)]
