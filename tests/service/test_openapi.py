"""Requests made from the API's own description: every answer is one that the description has, and none is a 500."""

import signal

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from made_records import make_record
from replicas import Replica
from schemathesis.specs.openapi.checks import positive_data_acceptance

from corpus.documents import Outcome
from corpus.store import Store

# A cap for each operation, so that all of them together are a few hundred requests.
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("described") / "store.sqlite")
    with Store.open(place) as store:
        run = store.begin_run("batch", "in", "0.2.0+1.0.1")
        outcomes = [(n, Outcome(f"d{n}", f"{n:064x}", make_record(n))) for n in range(5)]
        store.save(run, outcomes, "0.2.0+1.0.1")
    replica = Replica(place, 0)
    yield schemathesis.openapi.from_url(f"{replica.client.base_url}/openapi.json")
    replica.end(signal.SIGKILL)


def test_every_answer_is_described(described):
    sent = 0
    failures = []
    for result in described.get_all_operations():
        operation = result.ok()

        @BOUNDED
        @given(case=operation.as_strategy())
        def ask(case):
            nonlocal sent
            sent += 1
            # What a request means may be refused too, such as a correction of what no record says.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            ask()
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001  all operations are tried
            failures.append(f"{operation.label}: {error} {getattr(error, 'exceptions', '')}")
    assert not failures, "\n\n".join(failures)
    assert sent > 100
