"""Which site an address belongs to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

# Under .id and its like a site is three labels: beritajatim.com, but bantennews.co.id and jakarta.go.id.
_SHARED = frozenset({"co", "go", "or", "ac", "sch", "web", "my", "biz", "mil", "net", "desa", "com", "org", "gov"})


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one site, whatever its subdomains."""
    return site_of(one) == site_of(other)


def site_of(url: str) -> str:
    """Return the name under which a site was registered: `antaranews.com` of `https://kepri.antaranews.com/berita/1`."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        ip_address(host)
    except ValueError:
        pass
    else:
        return host
    labels = host.split(".")
    known = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if known else -2 :])
