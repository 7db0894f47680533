"""Tokens a second of SmolLM2-135M in our code, against transformers' generate, and against us without a cache.

    python -m benchmarks.generation [--prompt 64] [--new 64] [--rows 1 4 8] [--repeat 5] [--threads 1] [--precision …]

All have the same weights and precision, continue the same prompts greedily by the same number of tokens, none of which
ends a text, and in float32 must write the same. They take turns in one run after a warm-up, another one first each time.

The table says tokens a second by the clock, and how many times as fast we are: by the clock, with the least and the most
of all turns, and by processor time, of the median turn (CPU) and of the fastest of each, which other programs on the
machine disturbed least. Where the package xllamacpp is installed, llama.cpp takes part: it computes with weights of 4
bits, less than a sixth of what float32 has us read, and rounds what they are multiplied by to 8.
"""

import argparse
import importlib
import importlib.util
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from benchmarks.training import keep_freed_memory, turns
from book.cells.models import smollm2
from grading.reports.text_table import text_table
from lib.cached_gpt import CachedGPT
from lib.corpora import state_of_the_union
from lib.generation import generate_batch
from lib.smollm2_tokenizer import smollm2_tokenizer
from lib.weights import load_smollm2, smollm2_file

Rows = list[list[int]]
Writer = Callable[[Rows, int], Rows]  # continues prompts of one length by so many tokens
HEAD = ["other", "rows", "new", "ours/s", "other's/s", "ratio", "least", "most", "CPU", "fastest", "same"]


def ours(model: CachedGPT, prompts: Rows, new: int) -> Rows:
    """Return what our model writes."""
    with torch.inference_mode():
        return generate_batch(model, prompts, new, pad=0)


def without_cache(model: CachedGPT, prompts: Rows, new: int) -> Rows:
    """Return what our model writes when it reads everything again for each token."""
    tokens = torch.tensor(prompts)
    with torch.inference_mode():
        for _ in range(new):
            tokens = torch.cat([tokens, model(tokens)[:, -1].argmax(dim=-1, keepdim=True)], dim=1)
    return tokens[:, -new:].tolist()


def theirs(model: Any, prompts: Rows, new: int) -> Rows:
    """Return what transformers' generate writes."""
    tokens = torch.tensor(prompts)
    settings = {"do_sample": False, "eos_token_id": None, "pad_token_id": 0, "max_new_tokens": new}
    with torch.inference_mode():
        written = model.generate(tokens, attention_mask=torch.ones_like(tokens), **settings)
    return written[:, -new:].tolist()


def llama_cpp(threads: int) -> Writer:
    """Return what lets llama.cpp write; its tokens are not returned, as it rounds otherwise."""
    package = importlib.import_module("xllamacpp")
    params = package.CommonParams()
    params.model.path, params.n_ctx, params.n_parallel, params.verbosity = str(smollm2_file()), 2048, 1, -1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = package.Server(params)
    settings = {"temperature": 0, "ignore_eos": True, "cache_prompt": False}

    def write(prompts: Rows, new: int) -> Rows:
        for prompt in prompts:
            server.handle_completions({"prompt": prompt, "n_predict": new, **settings})
        return []

    return write


def compare(name: str, other: Writer, us: Writer, prompts: Rows, new: int, repeat: int) -> list[Any]:
    """Return a line of the table."""
    jobs: dict[str, Callable[[], object]] = {
        "ours": partial(us, prompts, new),
        name: partial(other, prompts, new),
    }
    same = alike(us(prompts, new), other(prompts, new))  # and both are warm
    wall: dict[str, list[float]] = {job: [] for job in jobs}
    busy: dict[str, list[float]] = {job: [] for job in jobs}
    for job, by_the_clock, of_cpu in turns(jobs, repeat, torch.device("cpu")):
        wall[job].append(by_the_clock)
        busy[job].append(of_cpu)
    speeds = [f"{len(prompts) * new / statistics.median(wall[job]):.1f}" for job in jobs]
    ratios = [b / a for a, b in zip(wall["ours"], wall[name], strict=True)]
    ratios = [statistics.median(ratios), min(ratios), max(ratios)]
    ratios += [typical(busy[name]) / typical(busy["ours"]) for typical in (statistics.median, min)]
    return [name, len(prompts), new, *speeds, *(f"{ratio:.2f}" for ratio in ratios), same]


def alike(ours: Rows, theirs: Rows) -> str:
    """Return the share of tokens that are the same, or a dash where the others are not known."""
    pairs = [a == b for rows in zip(ours, theirs, strict=bool(theirs)) for a, b in zip(*rows, strict=True)]
    return f"{sum(pairs) / len(pairs):.0%}" if pairs else "-"


def must_agree(table: list[list[Any]]) -> None:
    """Raise RuntimeError where another program wrote other tokens."""
    for name, *_, share in table:
        if share not in ("100%", "-"):
            raise RuntimeError(f"{name} wrote other tokens: {share} are the same")


def prompts_of(tokens: list[int], rows: int, length: int) -> Rows:
    """Return prompts of one length, one after the other in a text."""
    return [tokens[i * length : (i + 1) * length] for i in range(rows)]


def main() -> None:
    """Measure SmolLM2 and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--prompt", type=int, default=64, help="tokens of a prompt")
    parser.add_argument("--new", type=int, default=64, help="tokens that are written")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 4, 8], help="texts at once")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    keep_freed_memory()
    dtype = getattr(torch, given.precision)
    gpt, facts = load_smollm2(smollm2_file())
    model, other = CachedGPT.of(gpt, last_only=True).to(dtype), smollm2()[1].to(dtype)
    text = next(iter(state_of_the_union().values()))[: 8 * given.prompt * max(given.rows)]
    prompts = prompts_of(smollm2_tokenizer(facts).encode(text), max(given.rows), given.prompt)
    us, few = partial(ours, model), min(given.new, 16)
    settings = (given.new, given.repeat)
    table = [compare("transformers", partial(theirs, other), us, prompts[:n], *settings) for n in given.rows]
    table.append(compare("no cache", partial(without_cache, model), us, prompts[:1], few, 1))
    if importlib.util.find_spec("xllamacpp"):
        table.append(compare("llama.cpp, 4 bits", llama_cpp(given.threads), us, prompts[:1], *settings))
    else:
        print("xllamacpp is not installed: nothing is said of llama.cpp")
    print(f"SmolLM2-135M, {given.precision}, {given.threads} threads, prompts of {given.prompt} tokens")
    print(text_table(HEAD, table))
    if given.precision == "float32":
        must_agree(table)


if __name__ == "__main__":
    main()
