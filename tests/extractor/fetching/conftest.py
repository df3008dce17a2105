"""The local servers as fixtures, and a count of every dial."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from local_servers import NameServer, Site

from extractor.fetching import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def other() -> Iterator[Site]:
    server = Site()
    yield server
    server.close()


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.close()


@pytest.fixture
def dialed(monkeypatch) -> list[tuple[str, int]]:
    """Every address that a TCP or UDP socket of this process is pointed at, in order."""
    calls: list[tuple[str, int]] = []
    connect = socket.socket.connect

    def noted_connect(self, address):
        calls.append(tuple(address[:2]))
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted_connect)
    return calls


@pytest.fixture(autouse=True)
def _no_memory_of_hosts() -> None:
    hosts._hosts.clear()
