"""Fixtures of the service's tests."""

import pytest
from made_record import make_record
from stores import address, database, postgres, store  # noqa: F401  fixtures


@pytest.fixture
def record():
    return make_record()


@pytest.fixture(autouse=True, scope="session")
def store_of_tests(tmp_path_factory):
    """Keep the services of these tests, in this process or in others, from the store of whoever runs them."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PEMBINAAN_STORE", str(tmp_path_factory.mktemp("stores") / "store.sqlite"))
        yield
