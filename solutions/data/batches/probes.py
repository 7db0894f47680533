"""What the exercise batches asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import in_random_order, listed, negative_if_wrong

from check import probe, value_or


def documents(rng, lengths):
    """Return a document of each length; all tokens of all of them are different."""
    tokens = (1 + rng.permutation(900)).tolist()
    return [[tokens.pop() for _ in range(length)] for length in lengths]


def rows_of(lib, rng, documents, context, end):
    """Return packed documents as numbers; whether they are a tensor is asked by one probe.

    Whatever does not have rows of `context` tokens gives one answer.
    """
    number, unequal = rng.integers(10, 99, 1), (ValueError, RuntimeError)
    packed = value_or([[]], lib.packing.pack, documents, context, end, errors=unequal)
    # A tensor that is not cut is one long row.
    cut = [packed] if torch.is_tensor(packed) and packed.dim() == 1 else packed
    rows = [[int(token) for token in row] for row in cut]
    if any(len(row) != context for row in rows):
        return -number
    return torch.tensor(rows, dtype=torch.int64)


@probe(exercise="batches", points=2)
def stream(lib, rng):
    """All documents in one stream, the end after each, cut into rows; what does not fill a row goes."""
    results = {}
    for context in (4, 7):
        # Together 3 rows and 2 tokens more, with the 5 ends.
        lengths = in_random_order(rng, [1, 2, 3, context, 2 * context - 9 + context])
        results[f"context={context}"] = rows_of(lib, rng, documents(rng, lengths), context, 0)
    return results


@probe(exercise="batches", points=1)
def stream_at_the_edges(lib, rng):
    """Documents that are empty, or end in it already, have an end, too, nothing goes where the last row is full, and the rows are
    a tensor of int64."""
    lengths, end = in_random_order(rng, [0, 5, 0, 7]), rng.integer(1000, 2000)
    packed = value_or(None, lib.packing.pack, documents(rng, [3, 4]), 3, end)
    # Two documents of which the first has an `end` as its last token: it gets one as any other does.
    ending = documents(rng, [3, 2])
    ending[0][-1] = end
    return {
        "full": rows_of(lib, rng, documents(rng, lengths), 8, end),
        "rows of one": rows_of(lib, rng, documents(rng, [2, 0, 1]), 1, end),
        "ends in it": rows_of(lib, rng, ending, 1, end),
        "int64": negative_if_wrong(end, getattr(packed, "dtype", None) == torch.int64),
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
    for longest in (5, 11):  # no multiples of 8, to which some fill up
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
    ids, _ = value_or((None, None), lib.packing.collate, [[], []], pad)
    _, keep = value_or((None, None), lib.packing.collate, documents(rng, [2, 3]), pad)
    return {
        "one": padded(lib, documents(rng, [3]), 0),
        "empty": value_or({"ids": -pad, "keep": -pad}, padded, lib, examples, pad),
        "ids of nothing": negative_if_wrong(pad, getattr(ids, "dtype", None) == torch.int64),
        "boolean": negative_if_wrong(pad, getattr(keep, "dtype", None) == torch.bool),
    }


def batches_of(lib, lengths, u, **options):
    """Return the batches, each as a sorted list: how a batch is sorted makes no difference."""
    return [sorted(int(i) for i in batch) for batch in lib.packing.batch_indices(lengths, u=u, **options)]


def drawn(rng, N):
    """Return N lengths, all different, and u; of it, too, no two numbers are equal."""
    return (3 + 100 * rng.permutation(N)).tolist(), (rng.permutation(N) + 0.5) / N


@probe(exercise="batches", points=2)
def buckets(lib, rng):
    """Shuffled, cut into buckets, and sorted by length within each: so it is decided who shares a batch."""
    results = {}
    for name, N, options in (
        ("even", 36, {"batch": 3, "bucket": 4}),
        ("one left over", 25, {"batch": 4, "bucket": 2}),
        ("default", 130, {"batch": 2}),
    ):
        (lengths, u), number = drawn(rng, N), rng.integers(10, 99, 1)

        def shared(u, lengths=lengths, options=options):
            # In which order batches come is asked elsewhere.
            return sorted(batches_of(lib, lengths, u, **options))

        # Whoever sorts all, or draws an order of their own, does not look at u, and gives one answer.
        by_u = shared(u) == shared(u) != shared(u.flip(0))
        results[name] = listed(shared(u)) if by_u else -number
    return results


@probe(exercise="batches", points=1)
def order_of_batches(lib, rng):
    """Batches come in the order of u[0], u[1], …, one number for each: long and short ones mixed."""
    (lengths, u), number = drawn(rng, 42), rng.integer(10, 99)
    one = [batches_of(lib, lengths, v, batch=3, bucket=14) for v in (u, u, 1 - u)]
    return {
        "one bucket": negative_if_wrong(number, one[0] == one[1] != one[2]),
        "several": listed(batches_of(lib, lengths, u, batch=3, bucket=7)),
    }
