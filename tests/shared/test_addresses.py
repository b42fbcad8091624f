"""An address of a database keeps all but its driver."""

import pytest
from commune_service.addresses import for_asyncpg, for_sqlalchemy
from sqlalchemy import make_url

ODD = "postgresql://user%40x:p%40ss%2Fw%25@db.example:6432/roster?sslmode=require"


def test_only_the_driver_changes_whatever_the_password() -> None:
    assert for_sqlalchemy(ODD).startswith("postgresql+asyncpg://")
    assert for_asyncpg(for_sqlalchemy(ODD)) == for_asyncpg(ODD)
    before, after = make_url(ODD), make_url(for_sqlalchemy(ODD))
    assert after.set(drivername=before.drivername) == before


def test_a_socket_is_kept() -> None:
    address = make_url(for_sqlalchemy("postgresql:///roster?host=/run/postgresql"))
    assert (address.database, dict(address.query)) == ("roster", {"host": "/run/postgresql"})


@pytest.mark.parametrize("url", ["", "roster", "mysql://a:secret-word@h/d", "postgresql://a:secret-word@h:port/d"])
def test_what_is_no_postgres_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(ValueError, match="must be a postgresql:// address") as refused:
        for_sqlalchemy(url)
    assert "secret-word" not in str(refused.value)
