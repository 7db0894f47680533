"""What the exercise batches asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import in_random_order, listed, negative_if_wrong

from check import probe


def documents(rng, lengths):
    """Return a document of each length; all tokens of all of them are different."""
    tokens = (1 + rng.permutation(900)).tolist()
    return [[tokens.pop() for _ in range(length)] for length in lengths]


@probe(exercise="batches", points=2)
def stream(lib, rng):
    """All documents in one stream, the end after each, cut into rows; what does not fill a row goes."""
    results = {}
    for context in (4, 7):
        # Together 3 rows and 2 tokens more, with the 5 ends.
        lengths = in_random_order(rng, [1, 2, 3, context, 2 * context - 9 + context])
        results[f"context={context}"] = lib.packing.pack(documents(rng, lengths), context, 0)
    return results


@probe(exercise="batches", points=1)
def stream_at_the_edges(lib, rng):
    """Empty documents have an end, too, and nothing goes where the last row is full."""
    lengths, end = in_random_order(rng, [0, 5, 0, 7]), rng.integer(1000, 2000)
    return {
        "full": lib.packing.pack(documents(rng, lengths), 8, end),
        "rows of one": lib.packing.pack(documents(rng, [2, 0, 1]), 1, end),
    }


def padded(lib, examples, pad):
    """Return ids and keep, up to the longest; whether they are as long, and their types, is asked by one probe each."""
    longest = max(len(example) for example in examples)
    ids, keep = lib.packing.collate(examples, pad)
    return {
        "ids": torch.as_tensor(ids)[..., :longest].long(),
        "keep": torch.as_tensor(keep)[..., :longest].bool(),
    }


@probe(exercise="batches", points=2)
def filled_up(lib, rng):
    """Rows are filled up with `pad` at the right to the longest; keep is True for real tokens."""
    results = {}
    for longest in (5, 8):
        lengths = in_random_order(rng, [1, longest, 2, 4])
        examples, pad, number = documents(rng, lengths), rng.integer(1000, 2000), rng.integer(10, 99)
        length = lib.packing.collate([list(example) for example in examples], pad)[0].shape[-1]
        results[f"T={longest}"] = padded(lib, examples, pad)
        # Whoever fills up to a fixed length gives one answer.
        results[f"T={longest}"]["no longer"] = negative_if_wrong(number, length <= longest)
    return results


@probe(exercise="batches", points=1)
def pad_is_a_token(lib, rng):
    """keep is True also where a real token is the same as `pad`."""
    examples = documents(rng, in_random_order(rng, [3, 6, 4]))
    pad = examples[0][1]
    for example in examples[1:]:
        example[rng.integer(0, len(example))] = pad
    return padded(lib, examples, pad)


@probe(exercise="batches", points=1)
def collate_at_the_edges(lib, rng):
    """A batch of one; an example without tokens; ids are int64 even where there are none, and keep is boolean."""
    examples = documents(rng, in_random_order(rng, [0, rng.integer(2, 5)]))
    pad = rng.integer(1000, 2000)
    ids, keep = lib.packing.collate([[], []], pad)
    return {
        "one": padded(lib, documents(rng, [3]), 0),
        "empty": padded(lib, examples, pad),
        "ids of nothing": negative_if_wrong(pad, ids.dtype == torch.int64),
        "boolean": negative_if_wrong(pad, keep.dtype == torch.bool),
    }


def batches_of(lib, rng, N, **options):
    """Return the batches of N examples, all of different length; of u, too, no two numbers are equal."""
    lengths = (3 + rng.permutation(N)).tolist()
    return lib.packing.batch_indices(lengths, u=(rng.permutation(N) + 0.5) / N, **options)


@probe(exercise="batches", points=2)
def buckets(lib, rng):
    """Shuffled, cut into buckets, and sorted by length within each: so it is decided who shares a batch."""
    results = {}
    for name, N, options in (
        ("even", 36, {"batch": 3, "bucket": 4}),
        ("one left over", 25, {"batch": 4, "bucket": 2}),
        ("default", 130, {"batch": 2}),
    ):
        batches = batches_of(lib, rng, N, **options)
        # In which order batches come is asked elsewhere.
        results[name] = listed(sorted(sorted(int(i) for i in batch) for batch in batches))
    return results


@probe(exercise="batches", points=1)
def order_of_batches(lib, rng):
    """Batches come in the order of u[0], u[1], …, one number for each: long and short ones mixed."""
    return listed(sorted(int(i) for i in batch) for batch in batches_of(lib, rng, 42, batch=3, bucket=7))
