"""Bodies are inflated piece by piece under a limit."""

from __future__ import annotations

import contextlib
import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import BadResponse, TooLarge
from articles.fetch.inflate import STEP, inflate

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "": bytes,
}


@pytest.mark.parametrize("encoding", ENCODERS)
@given(data=st.binary(max_size=2000).map(lambda data: b"<" + data))
def test_what_was_compressed_comes_out_the_same(encoding: str, data: bytes) -> None:
    assert inflate(ENCODERS[encoding](data), encoding, max_bytes=5000) == data


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("size", [STEP - 1, STEP, STEP + 1, 3 * STEP, 3 * STEP + 1])
def test_bodies_around_the_size_of_a_step_are_whole(encoding: str, size: int) -> None:
    data = random.Random(size).randbytes(size).replace(b"\x1f", b"<")
    assert inflate(ENCODERS[encoding](data), encoding, max_bytes=size + 1000) == data
    assert inflate(ENCODERS[encoding](b"<" * size), encoding, max_bytes=size) == b"<" * size


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(encoding: str) -> None:
    data = b"<" * 100_000
    assert inflate(ENCODERS[encoding](data), encoding, max_bytes=100_000) == data
    with pytest.raises(TooLarge):
        inflate(ENCODERS[encoding](data), encoding, max_bytes=99_999)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_bomb_is_noticed_before_it_takes_memory(encoding: str) -> None:
    wire = ENCODERS[encoding](bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        inflate(wire, encoding, max_bytes=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000 + 8 * STEP


def test_what_lies_between_two_compressions_is_limited_too() -> None:
    empty_blocks = b"\x78\x9c" + b"\x00\x00\x00\xff\xff" * 1_000_000
    with pytest.raises(TooLarge):
        inflate(gzip.compress(empty_blocks), "deflate, gzip", max_bytes=100_000)


@given(wire=st.binary(max_size=300), encoding=st.sampled_from(["gzip", "deflate", "br", "", "gzip, br", "br, deflate"]))
def test_noise_ends_in_bytes_or_in_an_outcome(wire: bytes, encoding: str) -> None:
    with contextlib.suppress(BadResponse, TooLarge):
        assert isinstance(inflate(wire, encoding, max_bytes=5000), bytes)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_cut_off_body_is_no_body(encoding: str) -> None:
    with pytest.raises(BadResponse, match="too early"):
        inflate(ENCODERS[encoding](b"<rss>" * 500)[:-6], encoding, max_bytes=5000)
