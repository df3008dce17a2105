"""Names that lead elsewhere than they say, against a real name server."""

from __future__ import annotations

import time
from ipaddress import ip_network

import pytest
from local_servers import opened, response

from extractor.errors import BlockedError, ConnectionFailedError, DnsError, TimedOutError
from extractor.fetching import Policy, fetch


@pytest.mark.parametrize(
    "answers",
    [
        ["situs.com 60 A 10.0.0.1"],
        ["situs.com 60 A 127.0.0.1"],
        ["situs.com 60 A 169.254.169.254"],
        ["situs.com 60 A 168.63.129.16"],
        ["situs.com 60 A 93.184.215.14", "situs.com 60 A 10.0.0.1"],
        ["situs.com 60 CNAME db.internal", "db.internal 60 A 10.0.0.7"],
        [f"situs.com 60 A 10.0.1.{n}" for n in range(20)],
    ],
    ids=lambda answers: answers[0].split(" ", 1)[1],
)
def test_names_with_a_private_address_are_never_dialed(names, dialed, answers):
    names.names["situs.com"] = [answers]
    with pytest.raises(BlockedError):
        fetch("http://situs.com/", Policy(resolver=names.resolver(), robots=False))
    assert set(dialed) == {("127.0.0.1", names.port)}  # the name server alone


def test_an_answer_that_flips_after_the_check_is_not_asked_for_again(site, names, dialed):
    # The first answer is the open test server; a second look-up would give a private address.
    name = f"situs.com:{site.port}"
    names.names["situs.com"] = [["situs.com 0 A 127.0.0.1"], ["situs.com 0 A 10.0.0.1"]]
    site.give("/", response())
    page = fetch(f"http://{name}/", opened(site, resolver=names.resolver()))
    assert page.status == 200
    assert [where for where in dialed if where[1] != names.port] == [("127.0.0.1", site.port)]
    assert f"Host: {name}".encode() in site.requests[0]


def test_an_answer_that_flips_between_two_requests_is_refused(site, names, dialed):
    names.names["situs.com"] = [["situs.com 0 A 127.0.0.1"], ["situs.com 0 A 10.0.0.1"]]
    site.give("/", b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")
    with pytest.raises(BlockedError):
        fetch(f"http://situs.com:{site.port}/", opened(site, resolver=names.resolver()))
    assert {host for host, _ in dialed} == {"127.0.0.1"}
    assert site.asked == ["/"]


def test_many_dead_addresses_are_not_all_dialed(site, names, dialed):
    # 127.0.0.2 and on stand for public addresses where nothing listens.
    names.names["situs.com"] = [[f"situs.com 60 A 127.0.0.{n}" for n in range(2, 32)]]
    policy = Policy(
        networks=(ip_network("127.0.0.0/8"),),
        ports=frozenset({site.port}),
        resolver=names.resolver(),
        robots=False,
        attempts=1,
    )
    with pytest.raises(ConnectionFailedError):
        fetch(f"http://situs.com:{site.port}/", policy)
    assert len([where for where in dialed if where[1] == site.port]) <= 4


def test_a_silent_name_server_ends_in_time(names):
    names.silent.add("situs.com")
    began = time.monotonic()
    with pytest.raises((DnsError, TimedOutError)):
        fetch("http://situs.com/", Policy(resolver=names.resolver(timeout=60), deadline=1.5))
    assert time.monotonic() - began < 4


def test_a_name_that_does_not_exist_says_so(names):
    with pytest.raises(DnsError):
        fetch("http://tidakada.com/", Policy(resolver=names.resolver()))
