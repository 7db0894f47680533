"""How a running server keeps up: one to eight requests at a time, with one slot and with eight.

    python -m benchmarks.serving [--tokens 32] [--rounds 2]

One slot is a queue: an answer is written when the one before has ended. With eight slots the requests share the passes
of the model (continuous batching). Measured at the client: the time to the first token, which contains the waiting, and
the time between two tokens, each with its median and 95th percentile, and the tokens of all answers a second. The server's
processor time for each token of an answer, the reading of its prompt included, holds on a busy machine too.
"""

import argparse
import asyncio
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

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
    processor: float = 0.0  # seconds of the server


@contextmanager
def server(slots: int) -> Iterator[tuple[str, int]]:
    """Start the command in a process of its own, and give its address and its id."""
    command = [sys.executable, "-m", "serve", "--port", "0", "--slots", str(slots), "--deadline", "3600"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    try:
        found = re.search(r"http://[\d.:]+", process.stdout.readline())
        if not found:
            raise SystemExit("the server did not start")
        yield found[0], process.pid
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


def processor_seconds(pid: int) -> float:
    """Return how much processor time a process has had; 0 where the kernel has no table of it."""
    table = Path(f"/proc/{pid}/stat")
    if not table.exists():
        return 0.0
    user, system = table.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], percent: int) -> float:
    """Return the value that so many percent do not exceed.

    >>> percentile([3.0, 1.0, 2.0], 50), percentile([1.0], 95)
    (2.0, 1.0)
    """
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


HEADER = [
    "slots",
    "in flight",
    "tokens/s",
    "CPU a token",
    "first p50",
    "first p95",
    "between p50",
    "between p95",
]


def row(slots: int, in_flight: int, load: Load) -> list[str | int | float]:
    """Return a line of the table, with times in milliseconds."""
    kinds = [(kind, percent) for kind in (load.first, load.between) for percent in (50, 95)]
    times = [round(1000 * percentile(kind, percent)) for kind, percent in kinds]
    processor = round(1000 * load.processor / load.tokens)
    return [slots, in_flight, round(load.tokens / load.seconds, 1), processor, *times]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("--tokens", type=int, default=32, help="of an answer")
    parser.add_argument("--rounds", type=int, default=2, help="questions of each client")
    asked = parser.parse_args()
    rows = []
    for slots in SLOTS:
        with server(slots) as (address, pid):
            asyncio.run(measure(address, MODEL, 1, 1, 2))  # the first pass allocates
            for in_flight in IN_FLIGHT:
                before = processor_seconds(pid)
                load = asyncio.run(measure(address, MODEL, in_flight, asked.rounds, asked.tokens))
                load.processor = processor_seconds(pid) - before
                rows.append(row(slots, in_flight, load))
    print(
        f"Times in ms; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: above the cores, all is slower"
    )
    print(text_table(HEADER, rows))


if __name__ == "__main__":
    main()
