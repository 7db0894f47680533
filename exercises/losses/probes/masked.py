"""What the exercise masked asks. A probe knows no answer: it returns what it got."""

import torch
from inputs import IGNORED, drawn_masks, spread, with_gradient

from check import probe


def mask(lib, rng, tokens, *inputs, **options):
    """Return what mask_tokens makes of texts; a drawn number all over where it is not the same a second time."""
    lost, before = -rng.integer(2, 1000), tokens.clone()
    first = lib.losses.mask_tokens(tokens, *inputs, **options)
    second = lib.losses.mask_tokens(before, *inputs, **options)
    return [
        one if torch.equal(one, other) else torch.full_like(one, lost)
        for one, other in zip(first, second, strict=True)
    ]


def ask(lib, rng, share, maskable=None, kinds=(0, 1, 2, 3)):
    """Return what mask_tokens makes of drawn texts, and the texts afterwards. No random token is mask_id."""
    V, u = rng.integer(40, 60), drawn_masks(rng, 3, share, kinds)
    tokens = rng.integers(0, V - 1, 3, 24)
    maskable = torch.ones(3, 24, dtype=torch.bool) if maskable is None else maskable
    return *mask(lib, rng, tokens, maskable, u, V - 1, V, share), tokens


@probe(exercise="masked", points=3)
def hidden(lib, rng):
    """Of the chosen, u[1] < 0.8 become mask_id, u[1] < 0.9 the token floor(u[2] · V), and the others stay."""
    return {f"share={share}": ask(lib, rng, share)[0] for share in (1 / 4, 15 / 16)}


@probe(exercise="masked", points=2)
def labels(lib, rng):
    """The label of each chosen token is the token itself, whatever has become of it; elsewhere it is -100."""
    return {f"share={share}": ask(lib, rng, share)[1] for share in (1 / 4, 1 / 2)}


@probe(exercise="masked", points=1)
def not_maskable(lib, rng):
    """A token is never chosen where maskable is False."""
    maskable = rng.uniform(3, 24) < 0.5
    maskable[0], maskable[2] = False, True
    read, asked, _ = ask(lib, rng, 1 / 2, maskable, kinds=[1])
    return {"read": read, "labels of these tokens": asked[~maskable]}


@probe(exercise="masked", points=1)
def borders(lib, rng):
    """Chosen is what lies below the share, not the share itself; the default is 0.15."""
    border, results = rng.integer(20, 40) / 64, {}
    for name, near in {
        "share drawn": [0.0, border - 1 / 64, border, border + 1 / 64],
        "default": [0.0, 0.14, 0.16, 0.5],
    }.items():
        tokens, u = rng.integers(0, 30, 1, 64), torch.full((3, 1, 64), 0.5)
        u[0] = torch.tensor(near * 16)[rng.permutation(64)]
        options = {"share": border} if name == "share drawn" else {}
        asked = torch.ones(1, 64, dtype=torch.bool)
        results[name] = mask(lib, rng, tokens, asked, u, mask_id=30, vocab_size=31, **options)[0]
    return results


@probe(exercise="masked", points=1)
def texts_unchanged(lib, rng):
    """The tokens are left as they were."""
    read, _, tokens = ask(lib, rng, 1 / 2, kinds=[1])
    return {"read": read, "tokens afterwards": tokens}


@probe(exercise="masked", points=1)
def masked_loss(lib, rng):
    """Each chosen token is predicted where it stands, and the mean is over the chosen; with the gradient."""
    labels = rng.integers(0, 7, 2, 6)
    labels[torch.stack([rng.permutation(6) > rng.integer(1, 3) for _ in labels])] = IGNORED
    logits = spread(rng, 12, 7).view(2, 6, 7).requires_grad_()
    return with_gradient(lib.losses.mlm_loss(logits, labels), logits)


@probe(exercise="masked", points=1)
def next_sentence(lib, rng):
    """Column 0 stands for "is next"."""
    results = {}
    for rows in (1, 5, 6):
        is_next = rng.uniform(rows) < 0.5
        is_next[:2] = torch.tensor([True, False])[:rows]
        # Sure and right, so that the other reading of the columns gives a loss that is far larger.
        sign = torch.where(is_next, 1.0, -1.0)
        logits = torch.stack([sign, -sign], dim=-1) * (1 + rng.uniform(rows, 1)) + rng.normal(rows, 1)
        results[f"{rows} pairs"] = lib.losses.nsp_loss(logits, is_next)
    return results
