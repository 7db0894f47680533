"""How a running server keeps up: one to eight requests at a time, with one slot and with eight.

    python -m benchmarks.serving [--tokens 32] [--rounds 2]

One slot is a queue: an answer is written when the one before has ended. With eight slots the requests share the passes
of the model (continuous batching). Measured at the client: the time to the first token, which contains the waiting, and
the time between two tokens, each with its median and 95th percentile, and the tokens of all answers a second.
"""

import argparse
import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from openai import AsyncOpenAI

from grading.assignment import ROOT
from grading.reports.text_table import text_table

MODEL = "smollm2-135m-instruct"
IN_FLIGHT, SLOTS = (1, 2, 4, 8), (1, 8)
QUESTIONS = (
    "Tell me about the sea.",
    "Why do leaves fall in autumn, and why do they turn red before that?",
    "Write a letter to a friend who has moved to another town and has asked what is new at home.",
    "What is a prime number?",
)


@dataclass
class Load:
    """What the clients saw; times in seconds."""

    first: list[float] = field(default_factory=list)  # until the first token
    between: list[float] = field(default_factory=list)  # two tokens
    tokens: int = 0
    seconds: float = 0.0


@contextmanager
def server(slots: int) -> Iterator[str]:
    """Start the command in a process of its own, and give its address."""
    command = [sys.executable, "-m", "serve", "--port", "0", "--slots", str(slots)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    try:
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        if not found:
            raise SystemExit("the server did not start")
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


async def ask(client: AsyncOpenAI, model: str, question: str, tokens: int, load: Load) -> None:
    """Ask for one answer and note when its pieces come."""
    last = time.perf_counter()
    begun = False
    stream = await client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_tokens=tokens,
        temperature=0,
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        if chunk.usage:
            load.tokens += chunk.usage.completion_tokens
        elif chunk.choices[0].delta.content:
            now = time.perf_counter()
            (load.between if begun else load.first).append(now - last)
            last, begun = now, True


async def measure(address: str, model: str, in_flight: int, rounds: int, tokens: int) -> Load:
    """Return what so many clients see that each ask `rounds` questions one after the other."""
    load = Load()

    async def one_client(n: int) -> None:
        for i in range(rounds):
            await ask(client, model, QUESTIONS[(n + i) % len(QUESTIONS)], tokens, load)

    async with AsyncOpenAI(base_url=f"{address}/v1", api_key="none", timeout=600, max_retries=0) as client:
        start = time.perf_counter()
        await asyncio.gather(*(one_client(n) for n in range(in_flight)))
        load.seconds = time.perf_counter() - start
    return load


def percentile(values: list[float], percent: int) -> float:
    """Return the value that so many percent do not exceed.

    >>> percentile([3.0, 1.0, 2.0], 50), percentile([1.0], 95)
    (2.0, 1.0)
    """
    return statistics.quantiles(values * 2, n=100, method="inclusive")[percent - 1]


def row(slots: int, in_flight: int, load: Load) -> list[str]:
    """Return a line of the table."""
    times = [f"{percentile(kind, percent) * 1000:.0f}" for kind in (load.first, load.between) for percent in (50, 95)]
    return [str(slots), str(in_flight), f"{load.tokens / load.seconds:.1f}", *times]


HEADER = ["slots", "in flight", "tokens/s", "first p50", "p95", "between p50", "p95 (ms)"]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("--tokens", type=int, default=32, help="of an answer")
    parser.add_argument("--rounds", type=int, default=2, help="questions of each client")
    asked = parser.parse_args()
    rows = []
    for slots in SLOTS:
        with server(slots) as address:
            asyncio.run(measure(address, MODEL, 1, 1, 2))  # the first pass allocates
            for in_flight in IN_FLIGHT:
                load = asyncio.run(measure(address, MODEL, in_flight, asked.rounds, asked.tokens))
                rows.append(row(slots, in_flight, load))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} (above the cores: times are too long)")
    print(text_table([HEADER, *rows]))


if __name__ == "__main__":
    main()
