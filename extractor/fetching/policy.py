"""Which addresses may be fetched, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

import ssrfguard
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Reach

# Azure's host agent answers on a public-looking address (learn.microsoft.com, "What is IP address 168.63.129.16").
_HOST_AGENT = Block(ip_network("168.63.129.16/32"), "Azure host agent", "Microsoft", Reach.DENIED)
_DENIED = AddressTable((*DEFAULT_DENIED.blocks, _HOST_AGENT), snapshot=DEFAULT_DENIED.snapshot)

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Policy:
    """What `fetch` may do. The default reaches public addresses on ports 80 and 443 only.

    `networks` and `ports` open what is closed by default (a test opens 127.0.0.1); times are in seconds,
    sizes in bytes, of the body as sent and again of the body inflated.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443})
    deadline: float = 20.0
    max_bytes: int = 5 * 1024 * 1024
    max_redirects: int = 5
    robots: bool = True
    types: frozenset[str] = PAGE_TYPES

    def guard(self) -> ssrfguard.Policy:
        """Return the guard that checks every URL and pins every address."""
        return ssrfguard.Policy(
            denied_networks=_DENIED,
            allowed_networks=self.networks,
            allowed_ports=self.ports,
            max_redirects=self.max_redirects,
        )
