"""Processes of this machine: every document has one outcome, whatever one of them does to its process."""

import multiprocessing
import os
import signal
from dataclasses import replace
from itertools import count

import pytest
from made_documents import SETUP, in_order, page, text

from corpus.documents import Document
from corpus.engines.local import LocalEngine
from corpus.reading import read
from extractor import load
from extractor.errors import InputError

BOMB = page("bomb", "<p><b><i><a href=x>teks " * 60_000)


def test_outcomes_are_those_of_one_process_whatever_the_number_of_workers():
    documents = [text(n) if n % 2 else page(n) for n in range(70)]
    expected = in_order(enumerate(read(documents, load("none"))))
    assert in_order(LocalEngine(SETUP, workers=2).run(enumerate(documents))) == expected
    assert in_order(LocalEngine(SETUP, workers=1).run(enumerate(documents))) == expected


def test_what_kills_its_process_is_a_failure_and_its_neighbors_are_read():
    engine = LocalEngine(replace(SETUP, processor_seconds=1), workers=1)
    outcomes = dict(engine.run(enumerate([text(0), BOMB, text(2), Document("nothing"), page(4)])))
    assert [outcomes[n].code for n in range(5)] == [None, "read_limit", None, "input", None]
    assert "processor time" in outcomes[1].reason
    assert outcomes[1].digest == BOMB.digest


def test_what_needs_too_much_memory_is_a_failure():
    large = page("large", "<p>teks</p>" * 300_000)
    outcomes = dict(LocalEngine(replace(SETUP, mebibytes=24), workers=1).run(enumerate([large, text(1)])))
    assert outcomes[0].code == "read_limit"
    assert "memory" in outcomes[0].reason
    assert outcomes[1].record is not None


def test_a_killed_process_costs_nothing():
    outcomes = {}
    for position, outcome in LocalEngine(SETUP, workers=2).run((n, text(n)) for n in range(400)):
        assert position not in outcomes
        outcomes[position] = outcome
        if len(outcomes) in (1, 100, 200):
            # The oldest: one that is being started twice in vain would be an error of its own.
            os.kill(min(child.pid for child in _children()), signal.SIGKILL)
    assert sorted(outcomes) == list(range(400))
    assert not [outcome for outcome in outcomes.values() if outcome.code]


def test_work_in_flight_is_bounded_and_closing_ends_the_processes():
    taken = count()
    outcomes = LocalEngine(SETUP, workers=2).run((next(taken), text(n)) for n in range(100_000))
    next(outcomes)
    assert next(taken) <= 16 * 6
    outcomes.close()
    assert not _children()


def test_an_error_of_the_input_comes_out_and_ends_the_processes():
    def documents():
        yield 0, text(0)
        raise InputError("line 2 is broken")

    with pytest.raises(InputError, match="line 2"):
        list(LocalEngine(SETUP, workers=1).run(documents()))
    assert not _children()


def test_nothing_to_read_with_is_the_callers_error(tmp_path):
    with pytest.raises(InputError, match="no tagger"):
        list(LocalEngine(replace(SETUP, tagger=str(tmp_path))).run([(0, text(0))]))
    with pytest.raises(InputError, match="same version"):
        list(LocalEngine(replace(SETUP, reader="0.0.1+rules")).run([(0, text(0))]))


def _children():
    return multiprocessing.active_children()
