"""API keys: who holds one is told by its hash alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def new_key() -> tuple[str, str]:
    """Return a new key, to be given to its caller, and its hash, to be kept in the settings."""
    key = secrets.token_urlsafe(32)
    return key, hashed(key)


def hashed(key: str) -> str:
    """Return the hash of a key. Keys are random and long, so a fast hash hides them well enough."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def caller_of(authorization: str, keys: Mapping[str, str]) -> str | None:
    """Return the name of the caller who holds the key in an Authorization header, None where nobody does.

    Bearer is for programs; Basic, with the key as the password, is what a browser asks a person for.
    """
    scheme, _, given = authorization.partition(" ")
    key = given.strip() if scheme.lower() == "bearer" else _password(given) if scheme.lower() == "basic" else ""
    # Every hash is compared, whole: the time taken tells nothing of which came close.
    found = [name for name, known in keys.items() if hmac.compare_digest(hashed(key), known)]
    return found[0] if found else None


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
