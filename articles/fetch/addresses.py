"""Which network addresses the fetcher may connect to: the public internet, and what the operator opens by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# Networks that ``is_global`` of Python 3.11 lets pass although nothing of the public internet is there.
NOT_PUBLIC: tuple[IPNetwork, ...] = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments; Oracle's metadata service is 192.0.0.192
    IPv4Network("168.63.129.16/32"),  # Azure's machine agent, reachable only from inside
    IPv6Network("3fff::/20"),  # documentation (RFC 9637), younger than Python 3.11
)
IPV4_MAPPED = IPv6Network("::ffff:0:0/96")
IPV4_COMPATIBLE = IPv6Network("::/96")
NAT64 = IPv6Network("64:ff9b::/96")
NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
SIX_TO_FOUR = IPv6Network("2002::/16")
TEREDO = IPv6Network("2001::/32")
THIS_NETWORK = IPv4Network("0.0.0.0/8")


@dataclass(frozen=True, slots=True)
class AllowedNetwork:
    """A network that the operator opened, on one port or (``port`` 0) on all."""

    network: IPNetwork
    port: int = 0

    def opens(self, address: IPAddress, port: int) -> bool:
        """Whether exactly this address and port was named."""
        return address in self.network and self.port in (0, port)


def parse_networks(words: Iterable[str]) -> tuple[AllowedNetwork, ...]:
    """Read ``network/bits[:port]`` words.

    Raises:
        ValueError: names the first word that is not of this form.
    """
    return tuple(_parse_network(word) for word in words)


def _parse_network(word: str) -> AllowedNetwork:
    network, slash, rest = word.partition("/")
    bits, colon, port = rest.partition(":")
    try:
        if not slash or (colon and not 0 < int(port) < 65536):
            raise ValueError
        return AllowedNetwork(ipaddress.ip_network(f"{network.strip('[]')}/{int(bits)}"), int(port) if colon else 0)
    except ValueError:
        raise ValueError(f"{word!r} is not a network/bits[:port], for example 10.1.0.0/16:8080") from None


def may_connect(host: str, port: int, allowed: Iterable[AllowedNetwork] = ()) -> bool:
    """Whether a connection to this numeric address may be made; anything that is no plain address may not."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return False
    return is_public(address) or any(network.opens(address, port) for network in allowed)


def is_public(address: IPAddress) -> bool:
    """Whether an address is on the public internet, judged on the IPv4 address inside it where it carries one."""
    if isinstance(address, IPv6Address):
        inner = inner_addresses(address)
        if inner is not None:
            return bool(inner) and all(is_public(one) for one in inner)
        if address.is_site_local:
            return False
    special = address.is_multicast or address.is_reserved or any(address in network for network in NOT_PUBLIC)
    return address.is_global and not special


def inner_addresses(address: IPv6Address) -> tuple[IPv4Address, ...] | None:
    """Return the IPv4 addresses that a packet to this address would be carried to; None when it carries none."""
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if address in IPV4_MAPPED or address in IPV4_COMPATIBLE or address in NAT64:
        return (last,)
    if address in NAT64_LOCAL:
        return _local_nat64(address)
    if address in SIX_TO_FOUR:
        return (IPv4Address((int(address) >> 80) & 0xFFFFFFFF),)
    if address in TEREDO:
        server = IPv4Address((int(address) >> 64) & 0xFFFFFFFF)
        return (server, IPv4Address(int(last) ^ 0xFFFFFFFF))
    return None


def _local_nat64(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """All addresses that a translator may see (RFC 6052, 2.2): we do not know the length of its prefix."""
    octets = address.packed
    found = [octets[6:8] + octets[9:11], octets[7:8] + octets[9:12], octets[9:13], octets[12:16]]
    inner = (IPv4Address(one) for one in found)
    # Bits that another length of prefix leaves empty decode to 0.x.y.z, which leads nowhere.
    return tuple(one for one in inner if one not in THIS_NETWORK)
