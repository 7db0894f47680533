"""What the exercise accounting asks. A probe knows no answer: it returns what it got."""

from dataclasses import replace

from check import probe

PLAIN = {"n_kv_heads": None, "norm": "layer", "network": "gelu", "bias": True, "norm_first": True}


def whole(number):
    """Return a whole number as int: whoever divides has a float, and NumPy has a type of its own."""
    return int(number) if number == int(number) else number


def block(lib, rng, **choices):
    """Return a drawn block's config, plain but for the choices."""
    H, K = 4, 2 * rng.integer(3, 30)
    return lib.config.BlockConfig(d_model=H * K, n_heads=H, d_ff=rng.integer(50, 500), **{**PLAIN, **choices})


def model(lib, rng, positions="learned", tied=True, **choices):
    """Return a drawn model's config, plain but for the choices."""
    sizes = {
        "vocab_size": rng.integer(100, 9999),
        "n_layers": rng.integer(2, 40),
        "context": rng.integer(64, 4096),
    }
    return lib.config.ModelConfig(block=block(lib, rng, **choices), **sizes, positions=positions, tied=tied)


@probe(exercise="accounting", points=1)
def weights(lib, rng):
    """A block's matrices: queries, keys, values and output of attention, up and down of the feed-forward network."""
    return [whole(lib.accounting.matrix_weights(block(lib, rng))) for _ in range(3)]


@probe(exercise="accounting", points=1)
def other_blocks(lib, rng):
    """SwiGLU has three matrices, shared keys and values have fewer rows, and the width may be left to the config."""
    ask, K = lib.accounting.matrix_weights, 2 * rng.integer(3, 30)
    found = {
        "swiglu": ask(block(lib, rng, network="swiglu")),
        "4 heads share 2": ask(block(lib, rng, n_kv_heads=2)),
        "4 heads share 1, swiglu": ask(block(lib, rng, n_kv_heads=1, network="swiglu")),
        "no d_ff": ask(lib.config.BlockConfig(d_model=4 * K, n_heads=4)),
        "no d_ff, swiglu": ask(lib.config.BlockConfig(d_model=4 * K, n_heads=4, network="swiglu")),
    }
    return {name: whole(number) for name, number in found.items()}


@probe(exercise="accounting", points=1)
def parameters(lib, rng):
    """A GPT like GPT-2: tied rows, learned positions, blocks with biases and two norms, and the last norm."""
    return [whole(lib.accounting.count_parameters(model(lib, rng))) for _ in range(3)]


def one_more(ask, config, size):
    """Return how much an answer grows with one token of the vocabulary, position or layer more."""
    return ask(replace(config, **{size: getattr(config, size) + 1})) - ask(config)


@probe(exercise="accounting", points=1)
def what_is_there_once(lib, rng):
    """What a token of the vocabulary, a position, and the last norm weigh: only where they are, tied rows once."""
    ask = lib.accounting.count_parameters
    found = {
        f"a token, tied={tied}": one_more(ask, model(lib, rng, tied=tied), "vocab_size")
        for tied in (True, False)
    }
    for kind in ("learned", "none", "sinusoidal"):
        found[f"a position, {kind}"] = one_more(ask, model(lib, rng, kind), "context")
    for name, choices in {"last norm": {}, "no last norm": {"norm_first": False}}.items():
        config = model(lib, rng, **choices)
        grown = [
            getattr(config, size) * one_more(ask, config, size)
            for size in ("vocab_size", "context", "n_layers")
        ]
        found[name] = ask(config) - sum(grown)
    return {name: whole(number) for name, number in found.items()}


@probe(exercise="accounting", points=1)
def layers(lib, rng):
    """What a layer weighs: its matrices, and norms and biases only as far as they are there."""
    choices = [{}, {"bias": False}, {"norm": "rms"}, {"norm": "rms", "bias": False}, {"norm_first": False}]
    choices += [{"n_kv_heads": 2}, {"network": "swiglu"}]
    ask = lib.accounting.count_parameters
    return {
        " ".join(f"{key}={value}" for key, value in one.items()) or "plain": whole(
            one_more(ask, model(lib, rng, **one), "n_layers")
        )
        for one in choices
    }


@probe(exercise="accounting", points=1)
def operations(lib, rng):
    """Twice the weights of all matrices, the head's too, and what attention does with T keys, in every layer."""
    found, ask = {}, lib.accounting.flops_per_token
    for tied in (True, False):
        config, T = model(lib, rng, tied=tied), rng.integer(10, 4096)
        layer, longer = (one_more(lambda c, n=n: ask(c, n), config, "n_layers") for n in (T, T + 1))
        found[f"a key in a layer, tied={tied}"] = longer - layer
        found[f"the matrices of a layer, tied={tied}"] = layer - T * (longer - layer)
        found[f"all but the layers, tied={tied}"] = ask(config, T) - config.n_layers * layer
    return {name: whole(number) for name, number in found.items()}
