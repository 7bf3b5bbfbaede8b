"""Bodies are inflated piece by piece under a limit."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import BadResponse, TooLarge
from articles.fetch.inflate import STEP, Inflater

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "": bytes,
}


def inflate(wire: bytes, encoding: str, *, piece: int = 4096, max_bytes: int = 10_000_000) -> bytes:
    inflater = Inflater(encoding, max_bytes)
    for start in range(0, len(wire), piece):
        inflater.feed(wire[start : start + piece])
    return inflater.finish()


@pytest.mark.parametrize("encoding", ENCODERS)
@given(data=st.binary(max_size=2000).map(lambda data: b"<" + data), piece=st.integers(1, 500))
def test_what_was_compressed_comes_out_the_same_however_it_is_cut(encoding: str, data: bytes, piece: int) -> None:
    assert inflate(ENCODERS[encoding](data), encoding, piece=piece) == data


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("size", [STEP - 1, STEP, STEP + 1, 3 * STEP, 3 * STEP + 1])
def test_bodies_around_the_size_of_a_step_are_whole(encoding: str, size: int) -> None:
    data = b"<" * size
    assert inflate(ENCODERS[encoding](data), encoding) == data


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not(encoding: str) -> None:
    data = b"<" * 100_000
    assert inflate(ENCODERS[encoding](data), encoding, max_bytes=100_000) == data
    with pytest.raises(TooLarge):
        inflate(ENCODERS[encoding](data), encoding, max_bytes=99_999)


@pytest.mark.parametrize("encoding", ENCODERS)
def test_a_bomb_never_holds_more_than_the_limit_and_one_step(encoding: str) -> None:
    inflater = Inflater(encoding, 1_000_000)
    with pytest.raises(TooLarge):
        inflater.feed(ENCODERS[encoding](bytes(50_000_000)))
    assert len(inflater.body) <= 1_000_000 + 2 * STEP


@given(wire=st.binary(max_size=300), encoding=st.sampled_from(["gzip", "deflate", "br", "", "gzip, br", "br, deflate"]))
def test_noise_ends_in_bytes_or_in_an_outcome(wire: bytes, encoding: str) -> None:
    with contextlib.suppress(BadResponse, TooLarge):
        assert isinstance(inflate(wire, encoding, piece=7), bytes)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_cut_off_body_is_no_body(encoding: str) -> None:
    with pytest.raises(BadResponse, match="too early"):
        inflate(ENCODERS[encoding](b"<rss>" * 500)[:-6], encoding)
