import pytest

from extractor.gazetteers import skills


def test_every_code_has_its_title():
    used = {term.isco for found in skills.terms().values() for term in found if term.isco}
    assert used == set(skills.isco_titles())
    assert all(len(code) == 4 and code.isdigit() for code in used)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("las listrik", "7212"),
        ("menjahit", "7531"),
        ("membuat roti dan kue", "7512"),
        ("barbershop", "5141"),
        ("servis sepeda motor", "7231"),
        ("mebel", "7522"),
        ("pertukangan kayu", "7115"),
        ("laundry", "8157"),
        ("barista kopi", "5132"),
        ("desain grafis", "2166"),
        ("pijat refleksi", "3255"),
        ("mengolah singkong menjadi keripik", "7514"),
        ("peternakan ikan", "6221"),
        ("peternakan", "6121"),
        ("kerajinan perak", "7313"),
        ("kerajinan tangan", "7319"),
        ("kewirausahaan", None),
        ("pembuatan kompos", None),
        ("merenung", None),
    ],
)
def test_skills_have_the_code_of_their_occupation(name, code):
    words = name.split()
    terms = [term for i in range(len(words)) if (term := skills.match(words, i))]
    unknown = skills.Term(tuple(words), "other", None, "trade")
    best = max(terms, key=lambda t: (t.kind == "trade", len(t.words)), default=unknown)
    assert skills.isco(name, best) == code
