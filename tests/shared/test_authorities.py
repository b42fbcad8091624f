"""Whom a process trusts over the network: the usual authorities, read once."""

import re
import ssl
from pathlib import Path

import certifi
import httpx
import pytest
from commune_service.authorities import trusted_authorities

from tests.support.tracked import ROOT, tracked_files


@pytest.mark.parametrize("trust_env", [True, False])
def test_the_usual_authorities_are_trusted_and_a_server_must_show_its_name(trust_env: bool) -> None:
    trusted, usual = trusted_authorities(trust_env=trust_env), httpx.create_ssl_context(trust_env=trust_env)
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert trusted.check_hostname
    assert trusted.cert_store_stats() == usual.cert_store_stats()


def test_they_are_read_once_a_process_and_apart_for_who_heeds_no_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own.pem"
    first = re.search(r"-----BEGIN.*?-----END CERTIFICATE-----\n", Path(certifi.where()).read_text(), re.DOTALL)
    assert first is not None
    own.write_text(first[0])
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    trusted_authorities.cache_clear()
    try:
        assert trusted_authorities(trust_env=True) is trusted_authorities(trust_env=True)
        assert trusted_authorities(trust_env=True).cert_store_stats()["x509"] == 1
        assert trusted_authorities(trust_env=False).cert_store_stats()["x509"] > 1
    finally:
        trusted_authorities.cache_clear()


def test_every_client_of_the_network_is_given_them() -> None:
    forgetful = [
        path.relative_to(ROOT)
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"services", "portal", "deploy"}
        for call, given in (("httpx.AsyncClient(", "verify=trusted"), ("httpx.AsyncHTTPTransport(", "verify="))
        for arguments in path.read_text().split(call)[1:]
        if given not in arguments[:300]
    ]
    assert forgetful == []
