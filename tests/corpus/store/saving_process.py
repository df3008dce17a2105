"""Processes that save into a store, to be killed or to save at once. Imported once by the server that forks them."""

from made_records import make_record

from corpus.documents import Outcome
from corpus.store import Store

READER = "0.2.0+1.0.1"


def made(number):
    """Return the outcome of a document; one in ten fails, one in ten has an article that the one before has too."""
    digest = f"{number:064x}"
    if number % 10 == 9:
        return Outcome(f"d{number}", digest, code="timeout", reason="too late")
    return Outcome(f"d{number}", digest, make_record(number - (number % 10 == 8), title=f"Judul {number}"))


def save_on(address, key, numbers, pipe, batch=16):
    """Save documents of these numbers in the run named `key`, and tell after each transaction how far it is."""
    with Store.open(address) as store:
        run = store.begin_run("batch", "made", READER, key=key)
        for start in range(0, len(numbers), batch):
            some = numbers[start : start + batch]
            store.save(run, [(n, made(n)) for n in some], READER)
            pipe.send(some[-1])
    pipe.send("done")
