"""Everything that can go wrong, as types whose message tells a person what to do."""


class PembinaanError(Exception):
    """The root of every error that this project raises on purpose."""

    code = "error"


class InputError(PembinaanError):
    """The caller's input cannot be used: empty, unreadable, of an unknown kind."""

    code = "input"


class FetchError(PembinaanError):
    """A URL may not or could not be fetched; `code` says why in one word."""

    code = "fetch"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{shorten(url)}: {reason}")
        self.url = url
        self.reason = reason


class BlockedError(FetchError):
    """The address, scheme, port or redirect target is not allowed."""

    code = "blocked"


class RobotsError(FetchError):
    """The site's robots.txt forbids this page, or could not be read."""

    code = "robots"


class DnsError(FetchError):
    """The host has no usable address."""

    code = "dns"


class TlsError(FetchError):
    """The certificate of the host could not be verified."""

    code = "tls"


class TimedOutError(FetchError):
    """The page did not arrive before the deadline."""

    code = "timeout"


class TooLargeError(FetchError):
    """The page is larger than the byte limit."""

    code = "too_large"


class NotHtmlError(FetchError):
    """The answer is not an HTML page."""

    code = "not_html"


class HttpStatusError(FetchError):
    """The site answered with an error status."""

    code = "http_status"

    def __init__(self, url: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(url, f"the site answered {status}")
        self.status = status
        self.retry_after = retry_after  # seconds, where the site named them


class ConnectionFailedError(FetchError):
    """The connection failed or broke off."""

    code = "connection"


def shorten(url: str, limit: int = 200) -> str:
    """Return `url` fit for one line of a message: no control characters, at most `limit` characters."""
    clean = "".join(c if c.isprintable() else "?" for c in url)
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
