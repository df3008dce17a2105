"""A store outlives `kill -9` at any moment, and two processes that write at once: nothing lost, nothing twice."""

import multiprocessing
import os
import random
import sys
from multiprocessing.connection import wait

import pytest
import sqlalchemy as sa
from made_records import as_json
from saving_process import READER, made, save_on

from corpus.store import Store
from corpus.store.tables import Article, Item, Program, ProgramValue, Reading, Record, Run, Version

KILLS = 50
LAST = 100_000  # more than are saved before the last kill


@pytest.fixture(scope="module")
def forks():
    """Return what starts processes in which everything is imported already."""
    context = multiprocessing.get_context("forkserver")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # the server is given no path of its own
        context.set_forkserver_preload(["saving_process", "pytest"])
        process = context.Process(target=int)
        process.start()
        process.join()
        yield context


def test_kill_at_50_moments_of_a_run(address, forks):
    """Each process goes on from what was acknowledged before, the last of it saved again."""
    dice = random.Random(7)
    saved = -1
    for kill in range(KILLS):
        receiver, sender = forks.Pipe(duplex=False)
        process = forks.Process(target=save_on, args=(address, "run", range(max(0, saved - 15), LAST), sender))
        process.start()
        sender.close()
        # Half of them while they open the store (the first makes it) or begin, the others amidst their transactions.
        if kill % 2:
            wait([receiver, process.sentinel], timeout=60)
        process.join(dice.uniform(0, 0.15))
        assert process.exitcode is None
        process.kill()
        process.join()
        for told in acknowledged(receiver):
            saved = max(saved, told)
        check(address, saved)
    assert saved > KILLS
    receiver, sender = forks.Pipe(duplex=False)
    save_on(address, "run", range(max(0, saved - 15), saved + 40), sender)
    with Store.open(address) as store:
        check_whole(store, 1, saved + 40)


def acknowledged(receiver):
    """Yield what a process told before it ended."""
    try:
        while True:
            yield receiver.recv()
    except (EOFError, OSError):  # the end, or a message cut in two
        return


def check(address, saved):
    """Check that all up to `saved` is there, once, and that what is there is whole."""
    with Store.open(address) as store, store.engine.connect() as connection:
        if saved >= 0:
            positions = list(connection.scalars(sa.select(Item.position).order_by(Item.position)))
            assert positions == list(range(len(positions)))
            assert len(positions) > saved
            assert len(positions) % 16 == 0 or (len(positions) - max(0, saved - 15)) % 16 == 0
        counts = {
            t: connection.scalar(sa.select(sa.func.count()).select_from(t))
            for t in (Record, Reading, Program, ProgramValue, Run)
        }
        read = connection.scalar(sa.select(sa.func.count()).where(Item.record_id.is_not(None)))
        assert counts[Reading] == counts[Record] == counts[Program] == read
        assert counts[ProgramValue] == 5 * read
        assert counts[Run] <= 1


def check_whole(store, run, number):
    """Check that a run has exactly the records and failures of its documents."""
    outcomes = [made(n) for n in range(number)]
    assert list(store.records(run)) == [(o.id, as_json(o.record)) for o in outcomes if o.record]
    assert [f["id"] for f in store.failures(run)] == [o.id for o in outcomes if not o.record]
    digests = [o.digest for o in outcomes if o.record]
    known = store.known(digests, READER)
    assert sorted(known) == digests
    assert len(set(known.values())) == len(digests)
    with store.engine.connect() as connection:
        addresses = len({o.record.article.url for o in outcomes if o.record})
        assert connection.scalar(sa.select(sa.func.count()).select_from(Article)) == addresses
        current = sa.select(sa.func.count()).select_from(Record).where(Record.current)
        assert connection.scalar(current) == addresses
        assert connection.scalar(sa.select(sa.func.count()).select_from(Version)) == len(digests)


def test_two_processes_make_a_store_and_save_the_same_at_once(address, forks):
    pipes, processes = [], []
    for _ in range(2):
        receiver, sender = forks.Pipe(duplex=False)
        processes.append(forks.Process(target=save_on, args=(address, None, range(400), sender, 7)))
        processes[-1].start()
        sender.close()
        pipes.append(receiver)
    for process, receiver in zip(processes, pipes, strict=True):
        assert list(acknowledged(receiver))[-1] == "done"
        process.join()
        assert process.exitcode == 0
    with Store.open(address) as store:
        check_whole(store, 1, 400)
        check_whole(store, 2, 400)
