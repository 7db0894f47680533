"""What the exercise models asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import Mixing, Rows, drawn, gradients, model_config, texts, with_parts
from torch import nn

from check import probe

D = 4


def gpt(lib, rng, **choices):
    """Return a GPT of 7 tokens above a simple stack, with drawn parameters."""
    model = with_parts(
        lib.transformer.GPT(model_config(lib, D=D, layers=1, **choices)), "embed", "encoder", "head"
    )
    model.embed, model.encoder = Rows(7, D), Mixing(D)
    model = drawn(rng, tied(model, model.embed) if choices.get("tied") else model)
    model.head.weight.data *= 3  # so that bounds on logits show
    return model


def bert(lib, rng, **choices):
    """Return a BERT of 7 tokens and 2 segments above a simple stack, with drawn parameters and torch's own norms."""
    model = lib.transformer.BERT(model_config(lib, D=D, layers=1, **choices))
    with_parts(model, "embed", "segments", "norm", "encoder", "dense", "head_norm", "head")
    model.embed, model.encoder = Rows(7, D), Mixing(D)
    model.norm, model.head_norm = nn.LayerNorm(D), nn.LayerNorm(D)
    return drawn(rng, tied(model, model.embed) if choices.get("tied") else model)


def translator(lib, rng):
    """Return an EncoderDecoder from 7 to 7 tokens with simple stacks and drawn parameters."""
    model = lib.transformer.EncoderDecoder(model_config(lib, D=D, layers=1), source_vocab=7)
    with_parts(model, "source", "target", "encoder", "decoder", "head")
    model.source, model.target = Rows(7, D), Rows(7, D)
    model.encoder, model.decoder = Mixing(D), Mixing(D, context=True)
    return drawn(rng, model)


def tied(model, rows):
    model.head.weight = rows.table.weight
    return model


def lengths(rng, B, T):
    """Return how many of T tokens are real: in one row all of them, in another but some, and two at least."""
    return torch.tensor([T, *(rng.integer(2, T) for _ in range(B - 1))])[rng.permutation(B)]


@probe(exercise="models", points=3)
def gpt_logits(lib, rng):
    """GPT: a logit of every token at each place, from that place and what stands before it."""
    model = gpt(lib, rng)
    return {
        "head of its own": model(texts(rng, 2, 4)),
        "head tied to the rows": gpt(lib, rng, tied=True)(texts(rng, 2, 3)),
        "one token": model(texts(rng, 2, 1)),
    }


@probe(exercise="models", points=1)
def gpt_padding(lib, rng):
    """GPT with lengths: nobody sees padding, and still nobody sees what comes later."""
    return gpt(lib, rng)(texts(rng, 3, 5), lengths(rng, 3, 5))


@probe(exercise="models", points=2)
def bert_vectors(lib, rng):
    """BERT.encode: row plus segment, normalised, then a stack in which each token sees all; without segments all are 0."""
    model, tokens = bert(lib, rng), texts(rng, 2, 5)
    segments = torch.stack([rng.permutation(5) % 2 for _ in range(2)])
    return {"segments": model.encode(tokens, segments=segments), "no segments": model.encode(tokens)}


@probe(exercise="models", points=1)
def bert_logits(lib, rng):
    """BERT: dense layer, GELU, norm and head make logits of the vectors."""
    tokens, segments = texts(rng, 2, 3), torch.stack([rng.permutation(3) % 2 for _ in range(2)])
    return {
        # In float64, where the two forms of GELU are far apart.
        "head of its own": bert(lib, rng).double()(tokens, segments=segments),
        "head tied to the rows": bert(lib, rng, tied=True)(tokens, segments=segments),
    }


@probe(exercise="models", points=1)
def bert_padding(lib, rng):
    """BERT with lengths: nobody sees padding."""
    return bert(lib, rng).encode(texts(rng, 3, 5), lengths(rng, 3, 5))


@probe(exercise="models", points=2)
def translations(lib, rng):
    """EncoderDecoder: logits of what follows each target token, from itself, those before it and all of the source."""
    model = translator(lib, rng)
    return {
        "source longer": model(texts(rng, 2, 6), texts(rng, 2, 3), torch.tensor([6, 6])),
        "target longer": model(texts(rng, 2, 3), texts(rng, 2, 5), torch.tensor([3, 3])),
    }


@probe(exercise="models", points=1)
def source_padding(lib, rng):
    """The source's padding is seen neither in the encoder nor from the decoder."""
    model, sizes = translator(lib, rng), lengths(rng, 3, 5)
    memory = model.encode(texts(rng, 3, 5), sizes)
    return {"memory": memory, "logits": model.decode(texts(rng, 3, 4), rng.normal(3, 5, D), sizes)}


@probe(exercise="models", points=1)
def model_gradients(lib, rng):
    """The gradients of a GPT by all parameters, those of a head that is tied to the rows among them."""
    model = gpt(lib, rng, tied=True)
    return gradients(rng, model(texts(rng, 2, 4)), dict(model.named_parameters()))
