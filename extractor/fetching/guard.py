"""May this URL be asked for at all: its scheme, port, host name and address, judged before any packet.

ssrfguard decides on URLs and addresses; what it lets through and we do not is added here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import ip_network
from urllib.parse import quote, urlsplit

import ssrfguard
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Reach

from extractor.errors import BlockedError, InputError
from extractor.fetching.policy import Policy

_DENIED = AddressTable(
    (
        *DEFAULT_DENIED.blocks,
        # learn.microsoft.com, "What is IP address 168.63.129.16?": it looks public and is inside Azure.
        Block(ip_network("168.63.129.16/32"), "Azure host agent", "Microsoft", Reach.DENIED),
        # IANA, IPv6 Address Space: only 2000::/3 is global unicast; ssrfguard's longer prefixes come first.
        Block(ip_network("::/0"), "not global unicast", "RFC4291", Reach.DENIED),
        Block(ip_network("2000::/3"), "global unicast", "RFC4291", Reach.PERMITTED),
    ),
    snapshot=DEFAULT_DENIED.snapshot,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:@!$&'()*+,;=~"  # RFC 3986: what a path may hold as it is


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL that may be asked for, taken apart once so that nothing downstream parses it again."""

    url: str
    scheme: str
    host: str
    port: int
    target: str  # path and query as sent
    authority: str  # as in the Host header

    @property
    def origin(self) -> str:
        """Scheme, host and port, as one key."""
        return f"{self.scheme}://{self.authority}"


def check_url(url: str, policy: Policy | None = None) -> str:
    """Return `url` in its normal form if its words allow it to be fetched; no packet is sent.

    For links found in pages, feeds and sitemaps. `fetch` judges the addresses that a name leads to as well.

    Raises:
        InputError: the URL is empty.
        BlockedError: it may not be fetched; the message says why.
    """
    return destination(url, policy or Policy()).url


def guard(policy: Policy) -> ssrfguard.Policy:
    """Return the guard that judges URLs and addresses under `policy`."""
    return ssrfguard.Policy(denied_networks=_DENIED, allowed_networks=policy.networks, allowed_ports=policy.ports)


def destination(url: str, policy: Policy) -> Destination:
    """Return where `url` leads under `policy`.

    Raises:
        InputError: the URL is empty.
        BlockedError: it may not be fetched.
    """
    if not url.strip():
        raise InputError("the URL is empty")
    try:
        allowed = guard(policy).check_url(url)
        parts = urlsplit(url)
        path = quote(parts.path or "/", safe=_KEPT)
        query = quote(parts.query, safe=_KEPT + "?")
    except ssrfguard.BlockedURLError as error:
        raise BlockedError(url, error.reason) from None
    except ValueError:
        raise BlockedError(url, "not a web address") from None
    if "@" in parts.netloc or "\\" in parts.netloc or "%" in parts.netloc:
        raise BlockedError(url, "the host holds characters that no host name has")
    host = allowed.host.removesuffix(".")
    if allowed.address is None:
        _check_name(url, host)
    shown = f"[{host}]" if ":" in host else host
    authority = shown if allowed.port == _DEFAULT_PORTS[allowed.scheme] else f"{shown}:{allowed.port}"
    target = f"{path}?{query}" if query else path
    return Destination(
        url=f"{allowed.scheme}://{authority}{target}",
        scheme=allowed.scheme,
        host=host,
        port=allowed.port,
        target=target,
        authority=authority,
    )


def _check_name(url: str, host: str) -> None:
    labels = host.split(".")
    last = labels[-1]
    if len(labels) == 1:
        raise BlockedError(url, f"{host!r} is a name inside a network, not a public one")
    if last.isdigit() or last.startswith("0x"):
        raise BlockedError(url, "the host is an address in an unusual notation")
    if last in _special_names():
        raise BlockedError(url, f"names under .{last} lead to no public site")
    for label in labels:
        if label.startswith("xn--"):
            try:
                known = label[4:].encode("ascii").decode("punycode")
            except UnicodeError:
                known = ""
            if not known:
                raise BlockedError(url, f"{label!r} is not an internationalized name")


@cache
def _special_names() -> frozenset[str]:
    text = files("extractor.fetching").joinpath("special_names.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
