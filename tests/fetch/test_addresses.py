"""Only the public internet, and exactly what the operator opened."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch.addresses import is_public, may_connect, parse_networks

PUBLIC = (
    "8.8.8.8",
    "91.194.168.1",
    "2a00:1450:4010:c0e::8a",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:1:808:8:800::",
    "2002:808:808::1",
    "2001:0:808:808:0:0:f7f7:f7f7",
)
NOT_PUBLIC = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.192", "192.0.2.1",
    "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1",
    "100::1", "4000::1", "5f00::1", "8000::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:224.0.0.1", "::ffff:192.0.0.192", "::ffff:0.0.0.0",
    "::10.0.0.1", "::127.0.0.1", "::169.254.169.254",
    "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::224.0.0.1",
    "64:ff9b:1::10.0.0.1", "64:ff9b:1::127.0.0.1", "64:ff9b:1::", "64:ff9b:1:a00:0:100::",
    "64:ff9b:1:a00:0:100:808:808",
    "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2002:e000:1::",
    "2001:0:7f00:1:0:0:f7f7:f7f7", "2001:0:808:808:0:0:80ff:fffe", "2001::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_reached(address: str) -> None:
    assert may_connect(address, 443)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_may_not_be_reached(address: str) -> None:
    assert not may_connect(address, 443)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "2606:4700:4700::1111%1", "localhost", "", "0x7f.1", "8.8.8.8:80"])
def test_what_is_no_plain_address_may_not_be_reached(text: str) -> None:
    assert not may_connect(text, 443, parse_networks(["0.0.0.0/0", "::/0"]))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_like_itself(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    mapped, compatible = ipaddress.IPv6Address((0xFFFF << 32) + number), ipaddress.IPv6Address(number)
    nat64 = ipaddress.IPv6Address((0x64FF9B << 96) + number)
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) + (number << 80) + 1)
    assert {is_public(outer) for outer in (mapped, compatible, nat64, six_to_four)} == {is_public(inner)}


@given(st.ip_addresses(v=6))
def test_nothing_public_is_multicast_reserved_or_local(address: ipaddress.IPv6Address) -> None:
    if is_public(address) and address.ipv4_mapped is None and int(address) >> 32:
        outside = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/32")
        assert any(address in network for network in outside)


def test_an_opened_network_opens_exactly_what_it_names() -> None:
    opened = parse_networks(["127.0.0.1/32:8000", "10.1.0.0/16", "::1/128:8000"])
    assert may_connect("127.0.0.1", 8000, opened)
    assert may_connect("::1", 8000, opened)
    assert may_connect("10.1.2.3", 1, opened)
    assert not may_connect("127.0.0.1", 8001, opened)
    assert not may_connect("127.0.0.2", 8000, opened)
    assert not may_connect("::ffff:127.0.0.1", 8000, opened)
    assert not may_connect("10.2.0.1", 1, opened)


@pytest.mark.parametrize(
    "word",
    ["127.0.0.1", "127.0.0.1:80", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/8:", "10.0.0.0/8:0", "10.0.0.0/8:70000",
     "ten/8", "", "/", "10.0.0.0/8:http", "::1/129"],
)  # fmt: skip
def test_a_network_that_cannot_be_read_is_named(word: str) -> None:
    with pytest.raises(ValueError, match="network/bits"):
        parse_networks([word])
