"""A process that opens a new store while another makes its tables waits for it."""

import sqlite3
import threading

from corpus.store.opening import open_engine


def test_a_store_that_is_locked_by_another_is_opened_when_it_is_free(tmp_path):
    path = tmp_path / "store.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    free = threading.Timer(0.3, other.rollback)
    free.start()
    engine = open_engine(path)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    free.join()
    engine.dispose()
    other.close()
