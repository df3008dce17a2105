"""Who may ask and how often: hosts, keys and rates, each refused with a problem before the body is read."""

import base64
import re

import pytest
import typer
from fastapi.testclient import TestClient
from test_api import FakeReading, assert_problem
from typer.testing import CliRunner

from service.app import create_app
from service.commands.key import key
from service.keys import caller_of, hashed, new_key
from service.settings import Settings

KEY = "a-key-of-the-tests"


@pytest.fixture
def client():
    def make(client=("203.0.113.7", 1), **changes):
        app = create_app(Settings(**({"hosts": "testserver"} | changes)), reading=FakeReading())
        return TestClient(app, client=client)

    return make


def bearer(key):
    return {"authorization": f"Bearer {key}"}


def basic(key):
    return {"authorization": "Basic " + base64.b64encode(f"anyone:{key}".encode()).decode()}


def test_no_key_is_asked_for_unless_there_are_some(client):
    assert client().get("/metrics").status_code == 200


@pytest.mark.parametrize("header", [{}, bearer("wrong"), basic("wrong"), {"authorization": "Basic ???"}, bearer("")])
def test_who_has_no_key_is_refused(client, header):
    response = client(keys={"redaksi": hashed(KEY)}).post("/v1/extract", json={"text": "x"}, headers=header)
    assert_problem(response, 401, "unauthorized")
    assert "Bearer" in response.headers["www-authenticate"]


@pytest.mark.parametrize("header", [bearer(KEY), basic(KEY)])
def test_who_has_a_key_is_known(client, header):
    asking = client(keys={"other": "0" * 64, "redaksi": hashed(KEY)})
    assert asking.post("/v1/extract", json={"text": "x"}, headers=header).status_code == 200
    assert caller_of(header["authorization"], {"redaksi": hashed(KEY)}) == "redaksi"


def test_probes_need_no_key_no_host_and_have_no_limit(client):
    asking = client(keys={"redaksi": hashed(KEY)}, rate="1/hour", hosts="example.org")
    for _ in range(3):
        assert asking.get("/livez").status_code == 200
        assert asking.get("/readyz").status_code == 200


def test_a_page_elsewhere_cannot_ask_under_its_own_name(client):
    asking = client(hosts="localhost, [::1], Pembinaan.example")
    for host in ("evil.example", "", "localhost.evil.example", "[::2]:8000"):
        assert_problem(asking.get("/metrics", headers={"host": host}), 421, "host")
    for host in ("localhost", "localhost:8000", "[::1]:8000", "[::1]", "pembinaan.EXAMPLE:443"):
        assert asking.get("/metrics", headers={"host": host}).status_code == 200
    assert client(hosts="*").get("/metrics", headers={"host": "any.example"}).status_code == 200


def test_a_rate_holds_for_each_key(client):
    keys = {"one": hashed("1"), "two": hashed("2")}
    asking = client(keys=keys, rate="2/hour")
    statuses = [asking.get("/metrics", headers=bearer(key)).status_code for key in "11112"]
    assert statuses == [200, 200, 429, 429, 200]
    response = asking.get("/metrics", headers=bearer("1"))
    assert_problem(response, 429, "rate_limited")
    assert 1 <= int(response.headers["retry-after"]) <= 3600


def test_a_rate_holds_for_each_address_and_for_guesses_of_keys(client):
    asking = client(rate="1/hour", keys={"one": hashed("1")})
    assert asking.get("/metrics", headers=bearer("guess")).status_code == 401
    assert asking.get("/metrics", headers=bearer("guess again")).status_code == 429
    assert asking.get("/metrics", headers=bearer("1")).status_code == 200


def test_a_network_of_ipv6_is_one_caller(client):
    app = create_app(Settings(hosts="testserver", rate="1/hour"), reading=FakeReading())
    statuses = [
        TestClient(app, client=(address, 1)).get("/metrics").status_code
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2")
    ]
    assert statuses == [200, 429, 200, 200, 200]


def test_a_new_key_fits_its_hash_and_no_other():
    key, digest = new_key()
    assert caller_of(f"Bearer {key}", {"me": digest}) == "me"
    assert new_key()[0] != key


def test_the_command_prints_the_key_once_and_the_lines_of_the_settings():
    commands = typer.Typer()
    commands.command()(key)
    result = CliRunner().invoke(commands, ['the "desk"'])
    assert result.exit_code == 0
    made = result.stderr.rsplit(" ", 1)[1].strip()
    assert result.stdout == f'[keys]\n"the \\"desk\\"" = "{hashed(made)}"\n'
    assert re.fullmatch(r"[\w-]{40,}", made)
