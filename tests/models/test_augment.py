"""Varied articles: other wordings, the same labels."""

import random

import pytest

from extractor.tagging import spans
from models.training import data
from models.training.augment import Pools, vary

ARTICLE = {
    "id": "t-1",
    "title": "Rutan Jepara Gandeng BLK",
    "text": "Rumah Tahanan Negara (Rutan) Kelas IIB Jepara bersama Balai Latihan Kerja (BLK) melatih 12 warga binaan "
    "menjahit, Senin (3/3/2025). Darno Hadi mengajar. Kata Darno, menjahit itu mudah. Sari Dewi membuka acara.",
    "programs": [
        {
            "facility": {
                "text": "Rumah Tahanan Negara (Rutan) Kelas IIB Jepara",
                "type": "rutan",
                "class": "IIB",
                "place": "Jepara",
            },
            "date": {"text": "Senin (3/3/2025)", "start": "2025-03-03", "end": "2025-03-03"},
            "partners": [{"text": "Balai Latihan Kerja (BLK)", "acronym": "BLK", "kind": "government"}],
            "instructors": [{"text": "Darno Hadi", "title": None, "affiliation": None}],
            "skills": [{"text": "menjahit", "category": "sewing_fashion"}],
            "participants": {"text": "12 warga binaan", "count": 12, "group": None},
        }
    ],
}
POOLS = Pools(
    places={"rutan": ["Magetan"]},
    given=["Sari", "Wayan", "Yusuf", "Marlina", "Togar", "Butet", "Asep", "Euis", "Ucok"],
    family=["Simbolon"],
    partners={"government": [("Dinas Sosial (Dinsos) Kota Kediri", "Dinsos")]},
    skills={True: [("membatik", "textile_craft")], False: [("barista", "culinary")]},
)


@pytest.mark.parametrize("seed", range(30))
def test_every_value_is_still_in_the_text_and_labeled_as_often(seed):
    varied = vary(ARTICLE, POOLS, random.Random(seed))
    (program,) = varied["programs"]
    whole = f"{varied['title']}\n\n{varied['text']}"
    for value in (program["facility"], program["date"], program["participants"], *program["partners"]):
        assert value["text"] in whole
    kinds = [kind for kind, _, _ in spans(data.article_example(varied).slots)]
    assert kinds == [kind for kind, _, _ in spans(data.article_example(ARTICLE).slots)]


def test_places_and_names_change_together_in_the_whole_article():
    texts = [vary(ARTICLE, POOLS, random.Random(seed)) for seed in range(40)]
    moved = [t for t in texts if "Magetan" in t["title"]]
    assert moved
    for article in moved:
        assert "Jepara" not in article["text"]
        assert article["programs"][0]["facility"]["place"] == "Magetan"
    renamed = [t for t in texts if "Darno" not in t["text"]]
    assert renamed
    # The official who opens has been renamed as well in some: a name of the lists is no sign of a teacher.
    assert any("Sari Dewi" not in t["text"] for t in texts)


def test_the_article_itself_is_left_as_it_was():
    before = str(ARTICLE)
    vary(ARTICLE, POOLS, random.Random(1))
    assert str(ARTICLE) == before
