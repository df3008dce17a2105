"""A cluster of three machines on 127.0.0.1: the outcomes are those of one process, whatever is lost on the way."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import SETUP, in_order, page, text

from corpus.engines.local import LocalEngine
from corpus.engines.ray import RayEngine
from corpus.store import Store
from extractor.errors import InputError

# Ray reads these when it is imported: 127.0.0.1 is then taken as it is, not as the machine's address on its network.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")

SCRIPT = Path(__file__).parents[1] / "run_made_batch.py"
# A machine that says nothing for this long is lost; Ray's own half a minute is long for a test.
IMPATIENT = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 4}


@pytest.fixture
def cluster():
    """Three machines: the head, where the driver runs, and two that read; the address and those two."""
    made = cluster_utils.Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 0,
            "include_dashboard": False,
            "node_ip_address": "127.0.0.1",
            "_system_config": IMPATIENT,
        },
    )
    nodes = [made.add_node(wait=False, num_cpus=1, node_ip_address="127.0.0.1") for _ in range(2)]
    made.wait_for_nodes(30)
    yield made, nodes
    ray.shutdown()
    made.shutdown()


def test_both_engines_give_the_same_bytes_and_a_lost_machine_loses_nothing(cluster):
    made, nodes = cluster
    documents = [text(n) if n % 3 else page(n) for n in range(192)]
    documents[150] = page("bomb", "<p><b><i><a href=x>teks " * 60_000)
    setup = replace(SETUP, processor_seconds=1)
    outcomes = []
    for outcome in RayEngine(setup, address=made.address).run(enumerate(documents)):
        outcomes.append(outcome)
        if len(outcomes) == 32:
            made.remove_node(nodes[0], allow_graceful=False)
    assert in_order(outcomes) == in_order(LocalEngine(setup).run(enumerate(documents)))
    assert [position for position, outcome in outcomes if outcome.code] == [150]


def test_a_killed_driver_goes_on_where_it_was(cluster, tmp_path):
    made, _ = cluster
    path, many = tmp_path / "store.sqlite", 192
    command = [sys.executable, str(SCRIPT), str(path), str(many), "ray", made.address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            if int(line) >= 64:
                break
        run.send_signal(signal.SIGKILL)
    words = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    read_now, known, failed = map(int, words[-3:])
    assert (read_now + known, failed) == (many, 0)
    assert known >= 64
    with Store.open(path) as store:
        assert [name for name, _ in store.records(2)] == [f"d{n}" for n in range(many)]


def test_what_is_missing_is_said(monkeypatch, tmp_path):
    with pytest.raises(InputError, match="no Ray cluster at 127.0.0.1:1"):
        RayEngine(SETUP, address="127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"pembinaan\[ray\]"):
        RayEngine(SETUP)
