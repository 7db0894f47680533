"""What the exercise lookup asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import in_random_order

from check import probe, raised, value_or

NO_ROWS = "not one row for each id"
ONE_ID = "rows for one id only"


def drawn_table(lib, rng, V, D):
    """Return an Embedding whose rows are drawn."""
    table = lib.embeddings.Embedding(V, D)
    with torch.no_grad():
        table.weight.copy_(rng.normal(V, D))
    return table


def one_hot_of(lib, ids, V):
    """Return the one-hot rows of several ids; where one_hot takes but one id, the same text for whatever error."""
    found = value_or(None, lib.embeddings.one_hot, ids, V)
    if found is not None:
        return found
    if value_or(None, lib.embeddings.one_hot, ids[0], V) is not None:
        return ONE_ID
    return lib.embeddings.one_hot(ids, V)  # A program that takes no ids at all shows its error.


def one_row_each(call, ids, size):
    """Return the rows that call gives, one of this size for each id; for an error and other shapes the same text."""
    found = value_or(None, call, ids)
    return found if torch.is_tensor(found) and found.shape == (*ids.shape, size) else NO_ROWS


@probe(exercise="lookup", points=1)
def one_hot_rows(lib, rng):
    """A row of numbers for each id: 1 at the id, else 0."""
    V = rng.integer(8, 12)
    ids = torch.cat([torch.tensor([0, V - 1, 3, 3]), rng.integers(0, V, 2)])[rng.permutation(6)]
    found = one_hot_of(lib, ids, V)
    return found if found is ONE_ID else found.double()


@probe(exercise="lookup", points=1)
def one_hot_dtype(lib, rng):
    """One-hot rows are float32."""
    found = one_hot_of(lib, rng.permutation(6).repeat(2), 6)
    return {"rows": found, "dtype": ONE_ID if found is ONE_ID else str(found.dtype)}


@probe(exercise="lookup", points=1)
def rows(lib, rng):
    """The row of each id, in the order of the ids, some of which come twice."""
    table, ids = drawn_table(lib, rng, 5, 5), torch.tensor([0, 4, 2, 2, 1])[rng.permutation(5)]
    wide = drawn_table(lib, rng, 9, 4)
    return {"V = D": table(ids), "V > D": wide(torch.cat([rng.integers(5, 9, 3), torch.tensor([0, 8])]))}


@probe(exercise="lookup", points=1)
def row_gradient(lib, rng):
    """A row gets the sum of the gradients of all places where it stands, and 0 where it stands nowhere."""
    table, ids = drawn_table(lib, rng, 6, 3), rng.permutation(6)[:3]
    found = table(torch.cat([ids, ids[:1], ids[:2]]))
    if not found.requires_grad:
        return "detached"
    return torch.autograd.grad(found, table.weight, rng.normal(*found.shape))[0]


@probe(exercise="lookup", points=1)
def other_shapes(lib, rng):
    """Ids of any shape, none at all too: a new last axis, before which everything is as it was."""
    table, one_axis = drawn_table(lib, rng, 7, 3), rng.permutation(6)[:4]
    plain = {"one_hot": one_hot_of(lib, one_axis, 7), "Embedding": table(one_axis)}
    calls = {"one_hot": lambda ids: lib.embeddings.one_hot(ids, 7).double(), "Embedding": table}
    sizes, found = {"one_hot": 7, "Embedding": 3}, {}
    for shape in ((), (2, 3), (2, 1, 4)):
        ids = rng.integers(0, 7, *shape)
        for name, size in sizes.items():
            # Rows that are wrong for one axis already say nothing of other shapes: they stand for all.
            right = getattr(plain[name], "shape", None) == (4, size)
            found[f"{shape} {name}"] = one_row_each(calls[name], ids, size) if right else plain[name]
    return found


@probe(exercise="lookup", points=1)
def bad_ids(lib, rng):
    """Embedding refuses an id below 0 or above V - 1 with ValueError, and no other."""
    V = rng.integer(5, 9)
    table, kinds = drawn_table(lib, rng, V, 2), [-1, -V, V, 3 * V, 0, V - 1]
    asked = [torch.tensor([2, bad, 1])[rng.permutation(3)] for bad in in_random_order(rng, kinds, 3)]
    return [raised(table, ids) == "ValueError" for ids in asked]  # which other error it is does not count
