"""The log as it is written: JSON lines with the request's id, and nothing of an article."""

import json
import subprocess
import sys

SCRIPT = """
import logging
import structlog
from service.logs import configure
configure()
with structlog.contextvars.bound_contextvars(request_id="r1"):
    structlog.get_logger().info("ours", path="/x")
    logging.getLogger("theirs").warning("of a %s", "library")
    try:
        raise ValueError("words of an article")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
logging.getLogger("httpx").info("GET https://a.example/?token=secret")
"""


def test_every_line_is_json_with_the_requests_id():
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["ours", "of a library", "failed"]
    assert {line["request_id"] for line in lines} == {"r1"}
    assert lines[0]["path"] == "/x"
    assert lines[2]["error"] == "ValueError"
    assert all(line["timestamp"] and line["level"] for line in lines)
    assert "words of an article" not in done.stderr
