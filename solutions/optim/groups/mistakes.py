"""What students get wrong in decay_groups."""

from check import also, mistake, redefine, replace

GROUPS = "decay_groups"
LEARNED = "learned = [p for p in model.parameters() if p.requires_grad]"
MATRICES = '{"params": [p for p in learned if p.ndim >= 2], "weight_decay": weight_decay}'
OTHERS = '{"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0}'


def split(decays, before="", among="model.named_parameters()"):
    """Return replacements after which this condition on name and p, among these, says what decays.

    before is what is computed first.
    """
    return (
        replace(
            GROUPS,
            LEARNED,
            f"{before}learned = [(p, {decays}) for name, p in {among} if p.requires_grad]",
        ),
        replace(GROUPS, "[p for p in learned if p.ndim >= 2]", "[p for p, decays in learned if decays]"),
        replace(GROUPS, "[p for p in learned if p.ndim < 2]", "[p for p, decays in learned if not decays]"),
    )


by_name = mistake(
    """You go by the names, or by the kinds of layers. The weight of a norm is called weight too, a layer's name is whatever
    its author liked, and a vector may stand anywhere: count the axes of the parameter instead.""",
    *split('not name.endswith("bias")'),
)
by_a_name_of_a_layer = also(by_name, *split('not name.endswith(".bias")'))
by_several_names = also(by_name, *split('"bias" not in name and "norm" not in name'))
by_kind = also(
    by_name,
    *split(
        'not name.endswith("bias") and id(p) not in norms',
        "norms = {id(p) for m in model.modules() if isinstance(m, nn.LayerNorm) for p in m.parameters()}\n    ",
    ),
)
by_known_kinds = also(  # and asks whether all have been found, by names that a tied weight has not
    by_name,
    *split(
        'name.endswith("weight")',
        """named = dict(model.named_parameters())
    kinds = nn.Linear | nn.LayerNorm | nn.Embedding
    layers = [(path, layer) for path, layer in model.named_modules() if isinstance(layer, kinds)]
    known = [named[f"{path}.{name}".lstrip(".")] for path, layer in layers for name, _ in layer.named_parameters()]
    assert len(known) == len(named)
    """,
    ),
)
other_kinds_left_out = also(
    by_name,
    *split(
        "p.ndim >= 2",
        """kinds = nn.Linear | nn.LayerNorm | nn.Conv1d
    layers = [layer for layer in model.modules() if isinstance(layer, kinds)]
    """,
        "((name, p) for layer in layers for name, p in layer.named_parameters())",
    ),
)

only_linear = mistake(
    """You leave out weights that decay: embeddings and convolutions have two axes or more as well. Ask each parameter for
    its axes, not each layer for its kind.""",
    replace(
        GROUPS,
        LEARNED,
        "linear = {id(m.weight) for m in model.modules() if isinstance(m, nn.Linear)}\n"
        "    learned = [p for p in model.parameters() if p.requires_grad]",
    ),
    replace(GROUPS, "if p.ndim >= 2", "if id(p) in linear"),
    replace(GROUPS, "if p.ndim < 2", "if id(p) not in linear"),
)

exactly_two_axes = mistake(
    """With you only matrices of exactly two axes decay. The kernel of a convolution has three or four: two or more.""",
    replace(GROUPS, "p.ndim >= 2", "p.ndim == 2"),
    replace(GROUPS, "p.ndim < 2", "p.ndim != 2"),
)

vectors_decay = mistake(
    """Vectors decay in your version. Biases and the weights of norms have one axis, and belong to the others.""",
    replace(GROUPS, "p.ndim >= 2", "p.ndim >= 1"),
    replace(GROUPS, "p.ndim < 2", "p.ndim < 1"),
)

numbers_left_out = mistake(
    """A parameter without axes, a single number, is in neither group, so it would never be trained. The others are those
    with fewer than two axes.""",
    replace(GROUPS, "p.ndim < 2", "p.ndim == 1"),
)

numbers_decay = mistake(
    """A parameter without axes, a single number, decays in your version. What decays has two axes or more: all others do
    not.""",
    replace(GROUPS, "p.ndim >= 2", "p.ndim != 1"),
    replace(GROUPS, "p.ndim < 2", "p.ndim == 1"),
)

zero_not_said = mistake(
    """A group of yours does not say its weight_decay. What a group leaves out, the optimiser fills in with its own, 0.01 in
    AdamW: the first says weight_decay, the second 0.""",
    replace(GROUPS, OTHERS, OTHERS.replace(', "weight_decay": 0.0', "")),
)
decay_not_said = also(
    zero_not_said, replace(GROUPS, MATRICES, MATRICES.replace(', "weight_decay": weight_decay', ""))
)
nothing_said = also(
    zero_not_said,
    replace(GROUPS, MATRICES, MATRICES.replace(', "weight_decay": weight_decay', "")),
    replace(GROUPS, OTHERS, OTHERS.replace(', "weight_decay": 0.0', "")),
)

exchanged = mistake(
    """You have exchanged the two: biases and norms decay, the matrices do not.""",
    replace(GROUPS, "p.ndim >= 2", "p.ndim < 2"),
    replace(GROUPS, 'p.ndim < 2], "weight_decay": 0.0', 'p.ndim >= 2], "weight_decay": 0.0'),
)

frozen_included = mistake(
    """Frozen parameters are in your groups. Leave out what has requires_grad False.""",
    replace(GROUPS, LEARNED, "learned = list(model.parameters())"),
)


@redefine("decay_groups")
def tied_twice(model, weight_decay):
    """A tied weight stands twice in your groups, once under each of its names, and would be updated twice in a step.
    model.parameters() gives it once; who collects by himself must look for it by identity."""
    learned = [p for module in model.modules() for p in module.parameters(recurse=False) if p.requires_grad]
    return [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
