"""A client of the pages over a filled store, as fixtures, and what tests ask and send with it."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pages_made import fill, pages_app

import service.pages
from corpus.corrections import corrected
from corpus.store import Store
from corpus.store.accounts import kept

OWN = {"origin": "http://testserver"}
PATHS = ("/", "/programs", "/programs?text=menjahit", "/try", "/runs", "/runs/1", "/articles/1", "/articles/62")
FOLDER = Path(service.pages.__file__).parent


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "store.sqlite"
    with Store.open(path) as store:
        fill(store)
    return path


@pytest.fixture
def client(filled, tmp_path):
    copy = tmp_path / "store.sqlite"
    copy.write_bytes(filled.read_bytes())
    with TestClient(pages_app(copy)) as running:
        yield running


@pytest.fixture
def reviewer(client):
    client.cookies.set("pembinaan_author", "Rina%20S.")
    return client


def store_of(client):
    return client.app.state.store


def correct(client, article=1, **form):
    record = kept(store_of(client), article)
    values = {"record_id": record.record_id, "program": 0} | form
    values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
    return client.post(f"/articles/{article}", data=values, headers=OWN, follow_redirects=False)


def value_of(client, slot, article=1):
    found = kept(store_of(client), article).record["programs"][0][slot]
    return found[0] if isinstance(found, list) else found


def standing(client, article=1):
    found = kept(store_of(client), article)
    return corrected(found.record["programs"], found.corrections)


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
