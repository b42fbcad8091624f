"""The list of what an installation is made of: every package of the locks, with what proves it, the same each time."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sbom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    files = [tmp_path_factory.mktemp("sbom") / name for name in ("first.json", "second.json")]
    for file in files:
        subprocess.run([sys.executable, ROOT / "deploy/sbom.py", file], check=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    document: dict[str, Any] = json.loads(files[0].read_text())
    return document


def of_kind(sbom: dict[str, Any], kind: str) -> set[tuple[str, str]]:
    return {(each["name"], each["version"]) for each in sbom["components"] if each["purl"].startswith(f"pkg:{kind}/")}


def test_it_names_every_package_of_both_locks_and_no_other(sbom: dict[str, Any]) -> None:
    pins = re.findall(r"^([\w.-]+)==([\w.+!-]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert of_kind(sbom, "pypi") == set(pins)
    places = json.loads((ROOT / "portal/package-lock.json").read_text())["packages"]
    wanted = {(place.rpartition("node_modules/")[2], each["version"]) for place, each in places.items() if place}
    assert of_kind(sbom, "npm") == wanted
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")


def test_each_package_has_hashes_and_one_reference(sbom: dict[str, Any]) -> None:
    references = [each["bom-ref"] for each in sbom["components"]]
    assert len(references) == len(set(references))
    assert set(sbom["dependencies"][0]["dependsOn"]) == set(references)
    for each in sbom["components"]:
        hashes = [known for file in each["externalReferences"] for known in file["hashes"]]
        assert hashes, each["name"]
        assert all(re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{128}", known["content"]) for known in hashes), each["name"]


def test_no_licence_of_the_gpl_family_is_in_it(sbom: dict[str, Any]) -> None:
    stated = {each["name"]: each["licenses"][0]["license"]["name"] for each in sbom["components"] if "licenses" in each}
    assert len(stated) > 0.9 * len(sbom["components"])
    assert [name for name, licence in stated.items() if re.search(r"\bA?L?GPL|Affero", licence)] == []
