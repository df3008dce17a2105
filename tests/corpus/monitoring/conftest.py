"""Sites on 127.0.0.1 (those of the fetching tests), and the rules as the pipeline."""

import sys
from pathlib import Path

import pytest

import extractor
from extractor.article.worker import SafeReader
from extractor.fetching import hosts

sys.path.append(str(Path(__file__).parents[2] / "extractor" / "fetching"))

from local_servers import Site


@pytest.fixture
def site():
    server = Site()
    yield server
    server.close()


@pytest.fixture
def other():
    server = Site()
    yield server
    server.close()


@pytest.fixture(scope="session")
def pipeline():
    return extractor.load("none")


@pytest.fixture(scope="session")
def pages():
    with SafeReader() as reader:
        yield reader


@pytest.fixture(autouse=True)
def _no_memory_of_hosts():
    hosts._hosts.clear()
