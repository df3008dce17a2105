"""Real servers on 127.0.0.1: one that sends any bytes, one that answers DNS."""

from __future__ import annotations

import contextlib
import itertools
import socketserver
import threading
from ipaddress import ip_network
from typing import TYPE_CHECKING

import dnslib
from ssrfguard.resolvers import UdpResolver

from extractor.fetching import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAGE = b"<!doctype html><html><body><p>Pelatihan di rutan.</p></body></html>"


def response(body: bytes = PAGE, status: str = "200 OK", **headers: str) -> bytes:
    fields = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return response(b"", status, Location=to)


class Site:
    """An HTTP server whose every answer is given as raw bytes, by path; it notes what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[], Iterable[bytes]]] = {}
        self.asked: list[str] = []
        self.requests: list[bytes] = []
        self.sent = 0
        site = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    site.serve(self.rfile, self.wfile)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def serve(self, rfile, wfile) -> None:
        line = rfile.readline()
        head = line + b"".join(iter(rfile.readline, b"\r\n"))
        path = line.split()[1].decode()
        self.asked.append(path)
        self.requests.append(head)
        if path in self.answers:
            for piece in self.answers[path]():
                wfile.write(piece)
                self.sent += len(piece)
        else:
            wfile.write(response(b"", "404 Not Found"))

    def give(self, path: str, *pieces: bytes) -> str:
        self.answers[path] = lambda: pieces
        return self.root + path

    def stream(self, path: str, pieces: Callable[[], Iterable[bytes]]) -> str:
        self.answers[path] = pieces
        return self.root + path

    def pages(self) -> list[str]:
        return [path for path in self.asked if path != "/robots.txt"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class NameServer:
    """A UDP name server; the n-th question for a name gets the n-th of its answers, the last one for ever."""

    def __init__(self) -> None:
        self.names: dict[str, list[list[str]]] = {}
        self.silent: set[str] = set()
        self.asked: list[str] = []
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sock = self.request
                reply = server.reply(dnslib.DNSRecord.parse(data))
                if reply is not None:
                    sock.sendto(reply.pack(), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reply(self, question: dnslib.DNSRecord) -> dnslib.DNSRecord | None:
        name = str(question.q.qname).rstrip(".")
        self.asked.append(name)
        if name in self.silent:
            return None
        reply = question.reply()
        rounds = self.names.get(name)
        if rounds is None:
            reply.header.rcode = dnslib.RCODE.NXDOMAIN
        elif question.q.qtype == dnslib.QTYPE.A:
            answers = rounds.pop(0) if len(rounds) > 1 else rounds[0]
            reply.add_answer(*itertools.chain.from_iterable(dnslib.RR.fromZone(line) for line in answers))
        return reply

    def resolver(self, timeout: float = 2.0) -> UdpResolver:
        return UdpResolver(nameservers=("127.0.0.1",), nameserver_port=self.port, timeout=timeout)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def opened(*sites: Site, **changes) -> Policy:
    """Return a policy under which 127.0.0.1 and the ports of `sites` can be reached, without pauses."""
    fields = {"pause": 0.0, "attempts": 1, "deadline": 5.0, "robots": False} | changes
    ports = frozenset({80, 443, *(site.port for site in sites)})
    return Policy(networks=(ip_network("127.0.0.1/32"),), ports=ports, **fields)
