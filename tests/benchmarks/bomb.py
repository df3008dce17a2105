"""How long other requests take while the service reads a page that is made to be slow.

    python -P tests/benchmarks/bomb.py [--seconds 20]

Starts the service on 127.0.0.1, asks for small texts one after another, first alone and then beside a client that posts
bombs without a pause, and prints the 50th and 99th percentile of both.
"""

import argparse
import socket
import subprocess
import sys
import time

import httpx

BOMB = "<html><body>" + "<div>" * 60_000 + "x" * 100_000 + "<table><tr><td>" * 20_000 + "</body></html>"
TEXT = "Lapas Sukamaju Latih Menjahit\n\nSepuluh warga binaan Lapas Kelas IIB Sukamaju belajar menjahit, Senin (13/10/2025)."


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def times(client, seconds):
    """Return the seconds that each of a stream of small requests took."""
    found, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.perf_counter()
        client.post("/v1/extract", json={"text": TEXT}).raise_for_status()
        found.append(time.perf_counter() - began)
        time.sleep(0.02)
    return sorted(found)


def attack(port):
    """Post bombs without a pause and print the status of each answer, until the process is ended."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        while True:
            print(client.post("/v1/extract", json={"html": BOMB}).status_code, flush=True)


def main():
    """Print the percentiles and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--attack", type=int, metavar="PORT", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attack:
        attack(args.attack)
    port = free_port()
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
            while not _ready(client):
                time.sleep(0.2)
            times(client, 2)
            alone = times(client, args.seconds)
            # In a process of its own, so that making the bombs takes nothing from the client that is timed.
            attacker = subprocess.Popen([sys.executable, "-P", __file__, "--attack", str(port)], stdout=subprocess.PIPE)
            beside = times(client, args.seconds)
            attacker.terminate()
            statuses = attacker.communicate()[0].split()
        finally:
            server.terminate()
    for name, found in (("alone", alone), ("beside", beside)):
        middle, late = (found[int(len(found) * share)] * 1000 for share in (0.5, 0.99))
        print(f"{name}: {len(found)} requests, median {middle:.1f} ms, 99th percentile {late:.1f} ms")
    print(f"ratio of the 99th percentiles {beside[int(len(beside) * 0.99)] / alone[int(len(alone) * 0.99)]:.2f}")
    print(f"bombs answered: {sorted({int(status) for status in statuses})}, {len(statuses)} in all")


def _ready(client):
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main()
