"""What is normal for a tier: its loss from many seeds, and the band in which one more run should end.

python -m benchmarks.bands cpu --seeds 20 --workers 12     writes benchmarks/bands/cpu.json and cpu.csv

The band is the interval that a further run misses once in a thousand times by chance, by Student's t, and 0.01 more on
both sides for other processors. Each run has one thread, so that as many go on at once as there are cores.
"""

import argparse
import csv
import json
import math
import statistics
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks import tiers

BANDS = Path(__file__).parent / "bands"
FALSE_ALARM = 1e-3
ELSEWHERE = 0.01  # nats


def student_quantile(degrees: int, probability: float) -> float:
    """Return the t that Student's distribution stays below with this probability, by Simpson's rule and bisection.

    >>> round(student_quantile(19, 0.9995), 3)
    3.883
    """
    log_factor = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2

    def density(t: float) -> float:
        return math.exp(log_factor - (degrees + 1) / 2 * math.log1p(t * t / degrees))

    def below(t: float, pieces: int = 2000) -> float:
        inner = sum((4 if i % 2 else 2) * density(t * i / pieces) for i in range(1, pieces))
        return 0.5 + t / pieces / 3 * (density(0.0) + inner + density(t))

    low, high = 0.0, 1000.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < probability else (low, middle)
    return low


def band_of(losses: list[float]) -> dict[str, float]:
    """Return mean, standard deviation, the factor for one more run, and the band's two ends.

    >>> band = band_of([2.0, 2.1] * 10)
    >>> [round(band[name], 2) for name in ("mean", "factor", "low", "high")]
    [2.05, 3.98, 1.84, 2.26]
    """
    n, mean, sd = len(losses), statistics.mean(losses), statistics.stdev(losses)
    factor = student_quantile(n - 1, 1 - FALSE_ALARM / 2) * math.sqrt(1 + 1 / n)
    margin = factor * sd + ELSEWHERE
    return {"n": n, "mean": mean, "sd": sd, "factor": factor, "low": mean - margin, "high": mean + margin}


def read_band(name: str) -> dict[str, Any] | None:
    """Return what is recorded of a tier, or None."""
    path = BANDS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def one_run(name: str, seed: int, changes: dict[str, Any]) -> dict[str, Any]:
    """Train a tier on one thread of the processor."""
    torch.set_num_threads(1)
    return tiers.run(name, seed=seed, device="cpu", **changes)[1]


def record(name: str, runs: list[dict[str, Any]], folder: Path, command: str) -> None:
    """Write the band, and each run's curves in a table: seed, step, kind, loss."""
    runs = sorted(runs, key=lambda run: run["seed"])
    first = {key: runs[0][key] for key in ("tier", "config", "model", "parameters", "torch", "commit")}
    result = {
        **(band_of([run["loss"] for run in runs]) if len(runs) > 2 else {}),
        "command": command,
        **first,
        "seeds": {run["seed"]: run["loss"] for run in runs},
        "processor_seconds": statistics.median(run["processor_seconds"] for run in runs),
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["seed", "step", "kind", "loss"])
        for run in runs:
            for kind in ("losses", "held_out"):
                label = "train" if kind == "losses" else "held_out"
                rows.writerows([run["seed"], step, label, f"{loss:.4f}"] for step, loss in run[kind])


def main() -> None:
    """Train all seeds, and write what is known after each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tier", choices=tiers.TIERS)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--steps", type=int, help="fewer than the tier has")
    parser.add_argument("--out", type=Path, default=BANDS)
    given = parser.parse_args()
    changes = {"steps": given.steps} if given.steps else {}
    command = "python -m benchmarks.bands " + " ".join(sys.argv[1:])
    runs: list[dict[str, Any]] = []
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(one_run, given.tier, seed, changes) for seed in range(1, given.seeds + 1)]
        for done in as_completed(waiting):
            runs.append(run := done.result())
            print(f"seed {run['seed']}: {run['loss']:.4f} in {run['processor_seconds']:.0f} s", flush=True)
            record(given.tier, runs, given.out, command)


if __name__ == "__main__":
    main()
