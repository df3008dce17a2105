"""A cluster of three machines on 127.0.0.1: the outcomes are those of one process, whatever machine is lost."""

import os
import time
from dataclasses import replace

import pytest
from made_documents import SETUP, in_order, page, text

from corpus.engines.local import LocalEngine
from corpus.engines.ray import RayEngine

# Ray reads it when it is imported: 127.0.0.1 is then taken as it is, not as the machine's address on its network.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")


@pytest.fixture
def cluster():
    """Three nodes: the head, which holds what the driver puts there, and two that read."""
    made = cluster_utils.Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "include_dashboard": False, "node_ip_address": "127.0.0.1"},
    )
    nodes = [made.add_node(num_cpus=1, node_ip_address="127.0.0.1") for _ in range(2)]
    yield made, nodes
    ray.shutdown()
    made.shutdown()


def test_both_engines_give_the_same_bytes_and_a_lost_machine_loses_nothing(cluster):
    made, nodes = cluster
    documents = [text(n) if n % 3 else page(n) for n in range(320)]
    documents[200] = page("bomb", "<p><b><i><a href=x>teks " * 60_000)
    setup = replace(SETUP, processor_seconds=2)
    engine = RayEngine(setup, address=made.address)
    outcomes = []
    began = time.time()
    for outcome in engine.run(enumerate(documents)):
        outcomes.append(outcome)
        if len(outcomes) == 32:
            print("kill", time.time() - began)
            made.remove_node(nodes[0], allow_graceful=False)
    print("done", time.time() - began)
    assert in_order(outcomes) == in_order(LocalEngine(setup).run(enumerate(documents)))
    assert [position for position, outcome in outcomes if outcome.code] == [200]
