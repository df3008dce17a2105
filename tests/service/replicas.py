"""The made service in processes of its own."""

import re
import subprocess
import sys
import threading
from functools import cached_property
from pathlib import Path

import httpx

SCRIPT = Path(__file__).with_name("made_service.py")
LEASE = 1.5


class Replica:
    """A process of the service. Several begin beside each other; one is up when it is asked for its client."""

    def __init__(self, place, seconds):
        command = [sys.executable, str(SCRIPT), place, str(seconds), str(LEASE)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    @cached_property
    def client(self):
        lines = iter(self.process.stderr.readline, "")
        base = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        threading.Thread(target=lambda: list(lines), daemon=True).start()
        return httpx.Client(base_url=base, timeout=20, trust_env=False)

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(20)
