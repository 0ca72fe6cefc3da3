"""Secrets that an installation makes for itself on its first start.

They live as files with mode 0600 in the data directory: never in the database, the repository or a log.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the text of the file, making it first where it does not exist.

    Safe when several processes start at once: the file appears whole or not at all, and the first writer wins.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(make() + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def new_secret_key() -> str:
    """Return a fresh Django secret key of 64 random bytes."""
    return secrets.token_urlsafe(64)


def new_vapid_key() -> str:
    """Return a fresh P-256 private key as PEM (RFC 8292 names the curve)."""
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode("ascii")
        .strip()
    )
