"""What an installation is made of, as a CycloneDX 1.6 document: every package of requirements.lock and of the portal's
package-lock.json with its version, its hashes, and the licence that it states. Asks no network.

python deploy/sbom.py [sbom.json]      (without a file: to stdout)
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+).*\n((?:    --hash=.*\n?)*)", re.MULTILINE)
INTEGRITY = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def make_sbom() -> dict[str, Any]:
    """The same for the same locks: its serial number comes from what is in it."""
    components = sorted([*read_python(), *read_node()], key=lambda each: str(each["bom-ref"]))
    serial = uuid5(NAMESPACE_URL, json.dumps(components, sort_keys=True))
    system = {"type": "application", "name": "commune-roster", "bom-ref": "commune-roster"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": system},
        "components": components,
        "dependencies": [{"ref": "commune-roster", "dependsOn": [each["bom-ref"] for each in components]}],
    }


def read_python() -> Iterator[dict[str, Any]]:
    for name, version, listed in PIN.findall((ROOT / "requirements.lock").read_text()):
        hashes = [("SHA-256", each) for each in re.findall(r"--hash=sha256:([0-9a-f]{64})", listed)]
        yield describe("pypi", name, version, hashes, state_licence(name))


def read_node() -> Iterator[dict[str, Any]]:
    """What the portal's assets are built from."""
    lock = json.loads((ROOT / "portal/package-lock.json").read_text())
    for place, package in lock["packages"].items():
        if not place:
            continue
        algorithm, _, digest = package["integrity"].partition("-")
        hashes = [(INTEGRITY[algorithm], base64.b64decode(digest).hex())]
        name = place.rpartition("node_modules/")[2]
        yield describe("npm", name, package["version"], hashes, package.get("license", ""))


def describe(kind: str, name: str, version: str, hashes: list[tuple[str, str]], licence: str) -> dict[str, Any]:
    purl = f"pkg:{kind}/{quote(name, safe='/')}@{quote(version, safe='')}"
    stated = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    listed = [{"alg": algorithm, "content": content} for algorithm, content in hashes]
    files = [{"type": "distribution", "url": purl, "hashes": [each]} for each in listed]
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, **stated,
        "externalReferences": files,
    }  # fmt: skip


def state_licence(name: str) -> str:
    """In the package's own words; '' for one that is not installed here, or says nothing."""
    try:
        known = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""

    def stated(field: str) -> list[str]:
        return [str(line).strip() for line in known.get_all(field, [])]

    classified = [line.rpartition(" :: ")[2] for line in stated("Classifier") if line.startswith("License")]
    first_line = "".join(stated("License")).partition("\n")[0]
    return "".join(stated("License-Expression")) or "; ".join(classified) or first_line


if __name__ == "__main__":
    text = json.dumps(make_sbom(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text)
    else:
        sys.stdout.write(text)
