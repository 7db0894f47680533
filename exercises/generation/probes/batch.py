"""What the exercise batch asks. A probe knows no answer: it returns what it got."""

from inputs import Counting, Hashing, drawn_prompts, in_random_order, listed

from check import probe


@probe(exercise="batch", points=2)
def alone(lib, rng):
    """A prompt by itself goes on: each new token is the model's next, at the position after the last one."""
    model, results = Hashing(rng), {}
    for length in (1, 3, 4, 5):  # so many that tokens left out of the sum are not 0 modulo V in all of them
        prompts = drawn_prompts(rng, [length], model.V)
        results[f"{length} tokens"] = listed(lib.generation.generate_batch(model, prompts, 3, pad=model.V))
    return results


@probe(exercise="batch", points=2)
def together(lib, rng):
    """Prompts of different lengths go on together, each as it would alone."""
    model, results = Hashing(rng), {}
    for name, lengths in {"two": [2, 5], "four": [1, 3, 4, 6], "alike": [3, 3]}.items():
        prompts = drawn_prompts(rng, in_random_order(rng, lengths), model.V)
        results[name] = listed(lib.generation.generate_batch(model, prompts, 4, pad=model.V))
    return results


def until_behind_a_stop(reply, stop):
    """Return a reply as it is, or what comes behind a stop token as -2: with what it is filled up does not matter."""
    end = next((i + 1 for i, token in enumerate(reply) if int(token) in stop), len(reply))
    return [*reply[:end], -2] if end < len(reply) else reply


@probe(exercise="batch", points=2)
def each_to_its_stop(lib, rng):
    """Each row ends before its own first stop token, of which there may be several, or at the limit."""
    model, results = Counting(), {}
    for name in ("two stops", "pad among the new tokens", "one stop"):
        first = rng.integer(10, 20)
        late, early = first + 12, first + 5  # two stops; rows that count up to them
        # The second row is the first to end, and the first one ends before the last.
        starts = [late - 4, early - 1, *in_random_order(rng, [early - 3, late - 2, late + 5, early])]
        prompts = [[start, first, start] for start in starts]
        stop = {late} if name == "one stop" else {late, early}
        pad = early - 1 if name == "pad among the new tokens" else 0
        made = lib.generation.generate_batch(model, prompts, 6, pad=pad, stop=stop)
        results[name] = listed([until_behind_a_stop(reply, stop) for reply in made])
    return results


@probe(exercise="batch", points=1)
def read_once(lib, rng):
    """Every token is read once, and no more passes are made when all rows have ended."""
    results = {}
    for name, (new, stop) in {"to the limit": (8, False), "to a stop": (12, True)}.items():
        model, rows, length = Counting(), rng.integer(2, 5), rng.integer(3, 9)
        first = rng.integer(5, 15)
        prompts = [[first + i, *[0] * (length - 2), first + i] for i in range(rows)]
        needed = rows * (length + (6 if stop else new))
        made = lib.generation.generate_batch(model, prompts, new, pad=0, stop={first + 6} if stop else ())
        # One pass more than is needed does not matter.
        results[name] = [max(needed, model.read), listed([made[0][:1]])]
    return results


@probe(exercise="batch", points=1)
def another_choice(lib, rng):
    """The next tokens are those that `choose` takes from the logits (B, V) of the last position."""
    model, place = Hashing(rng), rng.integer(1, 9)
    prompts = drawn_prompts(rng, in_random_order(rng, [2, 4, 5]), model.V)

    def choose(logits):
        return logits.argsort(dim=-1, descending=True)[:, place]

    return listed(lib.generation.generate_batch(model, prompts, 4, pad=model.V, choose=choose))
