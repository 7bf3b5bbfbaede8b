"""Unchanged feeds (304) a second: fetch_many with all its checks against a bare aiohttp loop, on loopback, in one run.

Run: python -m tests.benchmarks.fetch_http [feeds] [rounds]
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import aiohttp

from articles.fetch.addresses import parse_networks
from articles.fetch.batch import CONCURRENCY, fetch_many
from articles.fetch.politeness import ProcessBudget
from articles.fetch.settings import FetchSettings
from articles.records import FeedRequest
from tests.hostile_server import ETAG, FEED, HostileServer


def run_server(pipe: Connection) -> None:
    """Serve one feed in a process of its own until it is told that this was enough."""
    with HostileServer() as server:
        pipe.send(server.serve("/feed", FEED, {"ETag": ETAG}))
        pipe.recv()


def ours(url: str, count: int) -> int:
    """Fetch through the project's fetcher; return how many were 304."""
    port = url.split(":")[2].split("/")[0]
    settings = FetchSettings(user_agent="Orta/1.0", allow_networks=parse_networks([f"127.0.0.1/32:{port}"]))
    budget = ProcessBudget(interval=settings.host_interval, concurrency=settings.host_concurrency)
    requests = [FeedRequest(number, url, etag=ETAG) for number in range(count)]
    return sum(getattr(answer, "status", 0) == 304 for _, answer in fetch_many(requests, settings, budget, wait=True))


def bare(url: str, count: int) -> int:
    """Fetch with aiohttp alone, as its documentation shows it."""

    async def one(session: aiohttp.ClientSession, places: asyncio.Semaphore) -> bool:
        async with places, session.get(url, headers={"If-None-Match": ETAG}) as answer:
            await answer.read()
            return answer.status == 304

    async def run() -> int:
        async with aiohttp.ClientSession() as session:
            places = asyncio.Semaphore(CONCURRENCY)
            return sum(await asyncio.gather(*(one(session, places) for _ in range(count))))

    return asyncio.run(run())


def rate(work: Callable[[str, int], int], url: str, count: int) -> float:
    """Feeds a second of one round."""
    started = time.perf_counter()
    if work(url, count) != count:
        raise RuntimeError(f"{work.__name__}: not every answer was 304")
    return count / (time.perf_counter() - started)


def main(count: int = 3000, rounds: int = 3) -> None:
    near, far = multiprocessing.Pipe()
    process = multiprocessing.Process(target=run_server, args=(far,))
    process.start()
    url = near.recv()
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(rounds):
        rates["bare"].append(rate(bare, url, count))
        rates["ours"].append(rate(ours, url, count))
    near.send("enough")
    process.join()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    figures = {
        "benchmark": "fetch_http",
        "feeds": count,
        "rounds": rounds,
        "fetch_many_per_second": round(middle["ours"]),
        "bare_aiohttp_per_second": round(middle["bare"]),
        "share_of_bare": round(middle["ours"] / middle["bare"], 3),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
