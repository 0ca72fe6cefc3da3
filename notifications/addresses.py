"""Push addresses come from browsers, so they are treated as hostile: which to store, and where to connect to.

The text is held to one narrow shape, so that no two URL parsers can read it differently; the host must be on the list
of push services. At the moment of connecting the name is resolved once, each address must be public, and the connection
goes to that very address. Redirects are never followed.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

import certifi
from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

LONGEST = 1000
# A name with many dead addresses must not use up the lease of a message.
MOST_TRIES = 3
# Lower-case host name of dotted labels, the default port at most, and a path of plain URL characters.
_SHAPE = re.compile(
    r"https://(?P<host>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)(?::443)?/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*"
)
_LOOPBACK = re.compile(r"https?://(?:127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]{1,5})?/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """We do not send to this address. The text is a sentence for the person."""

    def __init__(self) -> None:
        super().__init__("This browser's push service is not one that we can send to. E-mail still reaches you.")


def check(endpoint: str) -> str:
    """Return the host of a push address that we may store and send to, or raise AddressRefused."""
    if len(endpoint) > LONGEST:
        raise AddressRefused
    if settings.PUSH_ALLOW_LOOPBACK and _LOOPBACK.fullmatch(endpoint):
        return str(urlsplit(endpoint).hostname)
    shape = _SHAPE.fullmatch(endpoint)
    if shape is None or not _listed(shape["host"]):
        raise AddressRefused
    return shape["host"]


def _listed(host: str) -> bool:
    """Return whether the host is one of PUSH_HOSTS, or lies below one that begins with a dot."""
    return any(
        host.endswith(entry) and len(host) > len(entry) if entry.startswith(".") else host == entry
        for entry in settings.PUSH_HOSTS
    )


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the open internet, also when it is wrapped in another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _may_connect(address: str) -> bool:
    if settings.PUSH_ALLOW_LOOPBACK and ipaddress.ip_address(address.partition("%")[0]).is_loopback:
        return True
    return is_public(address)


def connect(connection: HTTPConnection) -> socket.socket:
    """Return a socket to one of the addresses of the connection's host, all of which must be public.

    Resolving and connecting are one step on purpose: a name that changes in between (rebinding) has no in between.
    """
    # urllib3 has put the connect time-out of this request here; its own "not given" marker is not a number.
    limit = connection.timeout if isinstance(connection.timeout, int | float) else None
    try:
        found = socket.getaddrinfo(connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NameResolutionError(connection.host, connection, socket.gaierror(*error.args)) from error
    if not found or not all(_may_connect(str(place[0])) for *_, place in found):
        raise NewConnectionError(connection, "not a public address")
    problem: OSError | None = None
    for family, kind, protocol, _, place in found[:MOST_TRIES]:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(limit)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(place)
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise NewConnectionError(connection, f"no connection ({type(problem).__name__})") from problem


class _GuardedHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return connect(self)


class _GuardedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return connect(self)


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


def guarded_pool() -> PoolManager:
    """Return a pool of connections that can only be made to public addresses; it knows no proxies and no cookies."""
    pool = PoolManager(num_pools=64, maxsize=4, cert_reqs="CERT_REQUIRED", ca_certs=certifi.where())
    pool.pool_classes_by_scheme = {"https": _HTTPSPool, "http": _HTTPPool}
    return pool
