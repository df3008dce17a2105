"""What POST /v1/extract stands: its throughput beside the library's, and what it does at ten times its rate.

    python -P tests/benchmarks/load.py [--seconds 20] [--overload 120] [--rounds 3]

Starts the service on 127.0.0.1 with its default settings, and the client in a process of its own. Measures in turns, so
that a machine that grows busy shows in all: the library's `extract_many`, the service with as many connections as keep
its processes busy, a fifth of that rate (light load), and ten times that rate, whatever comes back. Prints the figures,
the bounds they are held against, and ends with 1 where one does not hold.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONNECTIONS = 3  # one article in each process, and those that wait
LIGHT = 0.2  # of the rate found


def texts():
    """Return the annotated articles that ship, as texts."""
    lines = (ROOT / "corpus" / "gold" / "dev.jsonl").read_text("utf-8").splitlines()
    return [f"{row['title']}\n\n{row['text']}" for row in map(json.loads, lines)]


def library(seconds):
    """Print how many articles a second the library reads, all given to `extract_many` at once."""
    from extractor import load  # noqa: PLC0415  in its own process only
    from extractor.article import read_text  # noqa: PLC0415  the same

    pipeline = load()
    pipeline.warm()
    ends, began, count = time.monotonic() + seconds, time.monotonic(), 0

    def articles():
        while True:
            for text in texts():
                if time.monotonic() > ends:
                    return
                yield read_text(text)

    for record in pipeline.extract_many(articles()):
        record.model_dump_json(by_alias=True)
        count += 1
    print(count / (time.monotonic() - began))


class Client:
    """Asks over kept connections; keeps status, seconds and Retry-After of every answer."""

    def __init__(self, port):
        self.port = port
        bodies = [json.dumps({"text": text}).encode() for text in texts()]
        head = f"POST /v1/extract HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
        self.requests = [f"{head}content-length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
        self.free = []
        self.count = 0
        self.answers = []
        self.pause = 0.0  # the longest that this process itself was held up

    async def ask(self):
        """Ask for the next article."""
        request = self.requests[self.count % len(self.requests)]
        self.count += 1
        began = time.perf_counter()
        try:
            status, headers = await self._exchange(request)
        except OSError as error:
            status, headers = type(error).__name__, b""
        self.answers.append((status, time.perf_counter() - began, b"retry-after:" in headers))

    async def _exchange(self, request):
        headers = b""
        while not headers:
            kept = bool(self.free)
            reader, writer = self.free.pop() if kept else await asyncio.open_connection("127.0.0.1", self.port)
            try:
                writer.write(request)
                headers = (await reader.readuntil(b"\r\n\r\n")).lower()
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()
                if not kept:  # a kept one may have been closed for being idle
                    raise ConnectionResetError from None
        length = int(headers.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        self.free.append((reader, writer))
        return int(headers.split(b" ", 2)[1]), headers

    async def closed(self, seconds, connections):
        """Keep so many requests on their way."""
        ends = time.monotonic() + seconds

        async def one():
            while time.monotonic() < ends:
                await self.ask()

        await asyncio.gather(*(one() for _ in range(connections)))

    async def open(self, seconds, rate):
        """Ask so many times a second, whatever comes back."""
        began, asked, tasks = time.monotonic(), 0, set()
        while (passed := time.monotonic() - began) < seconds:
            while asked < passed * rate:
                task = asyncio.ensure_future(self.ask())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                asked += 1
            before = time.monotonic()
            await asyncio.sleep(0.005)
            self.pause = max(self.pause, time.monotonic() - before - 0.005)
        await asyncio.gather(*tasks)


def client(port, mode, seconds, value):
    """Run in a process of its own; print the answers."""
    asking = Client(port)
    began = time.monotonic()
    run = asking.closed(seconds, int(value)) if mode == "closed" else asking.open(seconds, value)
    asyncio.run(run)
    print(json.dumps({"seconds": time.monotonic() - began, "answers": asking.answers, "pause": asking.pause}))


def itself(*args):
    """Return what a process of this file prints."""
    command = [sys.executable, "-P", __file__, *map(str, args)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class Server:
    """The service as a process."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "service.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        while not self._ready():
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)

    def _ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                return b" 200 " in connection.recv(100)
        except OSError:
            return False

    def memory(self):
        """Return the MiB that the service and its processes hold."""
        pids, found = [self.process.pid], 0.0
        while pids:
            pid = pids.pop()
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                pids += map(int, children.read_text("ascii").split())
            found += int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        return found


def late(seconds, share=0.99):
    """Return a percentile."""
    return sorted(seconds)[int(len(seconds) * share)]


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement")
    parser.add_argument("--overload", type=float, default=120, help="seconds at ten times the rate, of all rounds")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--library", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", nargs=4, metavar=("PORT", "MODE", "SECONDS", "VALUE"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.library:
        library(args.seconds)
    elif args.client:
        port, mode, seconds, value = args.client
        client(int(port), mode, float(seconds), float(value))
    else:
        sys.exit(measure(args.seconds, args.overload, args.rounds))


def measure(seconds, overload, rounds):
    """Print all figures; return 1 where a bound does not hold."""
    own, rates, light, answers, memory, pauses, passed = [], [], [], [], [], [], 0.0
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    with Server() as server:
        itself("--client", server.port, "closed", 5, CONNECTIONS)
        for _ in range(rounds):
            own.append(itself("--library", "--seconds", seconds))
            found = itself("--client", server.port, "closed", seconds, CONNECTIONS)
            statuses = Counter(str(answer[0]) for answer in found["answers"])
            assert set(statuses) == {"200"}, statuses
            rates.append(len(found["answers"]) / found["seconds"])
            found = itself("--client", server.port, "open", seconds, LIGHT * rates[-1])
            light += [answer[1] for answer in found["answers"]]
            memory.append(server.memory())
            found = itself("--client", server.port, "open", overload / rounds, 10 * rates[-1])
            answers += found["answers"]
            passed += found["seconds"]
            pauses.append(found["pause"])
        memory.append(server.memory())
    rate = statistics.median(rates)
    accepted = [time_ for status, time_, _ in answers if status == 200]
    refused = [(time_, named) for status, time_, named in answers if status in (429, 503)]
    print(f"library {[f'{one:.1f}' for one in own]} articles/s, service {[f'{one:.1f}' for one in rates]}")
    print(
        f"light load: {len(light)} requests, median {statistics.median(light) * 1000:.0f} ms, p99 {late(light) * 1000:.0f} ms"
    )
    print(f"at about {10 * rate:.0f}/s for {overload:g} s: {dict(Counter(str(answer[0]) for answer in answers))}")
    print(
        f"accepted: {len(accepted) / passed:.1f}/s, median {statistics.median(accepted) * 1000:.0f} ms, p99 {late(accepted) * 1000:.0f} ms"
    )
    times = [time_ for time_, _ in refused]
    print(
        f"refused: median {statistics.median(times) * 1000:.0f} ms, p99 {late(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms"
    )
    print(f"the client itself was held up for at most {[f'{one * 1000:.0f}' for one in pauses]} ms")
    print(f"memory before each overload and at the end: {[round(one) for one in memory]} MiB")
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    bounds = {
        "service at least 80 % of the library": rate >= 0.8 * statistics.median(own),
        "every answer 200 or refused": len(accepted) + len(refused) == len(answers),
        "Retry-After on every refusal": all(named for _, named in refused),
        "every refusal within 100 ms": max(times) <= 0.1,
        "99 % of refusals within 100 ms": late(times) <= 0.1,
        "p99 of accepted at most 3 times light load's": late(accepted) <= 3 * late(light),
        "memory grew by at most 50 MiB": memory[-1] - memory[0] <= 50,
    }
    for name, holds in bounds.items():
        print("holds" if holds else "FAILS", name)
    return int(not all(bounds.values()))


if __name__ == "__main__":
    main()
