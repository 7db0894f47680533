"""What students get wrong in capture, restore and copied."""

from check import mistake, replace

LOADS = 'optimizer.load_state_dict(copied(state["optimizer"], "the state"))'

no_optimizer = mistake(
    """The weights come back, the optimiser's memory does not. Adam begins again with moments of 0, so the run makes
    other steps than it would have: load the optimiser's state as well.""",
    replace("restore", LOADS, "pass"),
)

no_random_state = mistake(
    """The random numbers do not go on where they were, so dropout falls on other places. Put torch's random state into
    the state, and set it again.""",
    replace("restore", 'set_random_state(state["random"])', "pass"),
)

step_forgotten = mistake(
    """Your restore returns no number of steps, so the run could not know where to go on: it would read its first batches again
    and warm up once more. Return the step that was captured, and nothing else.""",
    replace("restore", 'return state["step"]', "return None"),
)

one_step_too_far = mistake(
    """You return one step more than were done. step counts the steps that are done, and as steps count from 0 it is
    already the number of the next one.""",
    replace("restore", 'return state["step"]', 'return state["step"] + 1'),
)

aliased = mistake(
    """Your state holds the live tensors, not copies: state_dict does not copy, and training on changes what you have
    captured. Copy every tensor.""",
    replace("capture", 'copied(state, "the state")', "state"),
)

optimizer_aliased = mistake(
    """The weights in your state are copies, but the optimiser's moments are the live ones, and the next step changes
    them. They lie deeper, in dicts within dicts: copy on all levels.""",
    replace(
        "capture",
        'return copied(state, "the state")',
        'state["model"] = copied(state["model"], "the model")\n    return state',
    ),
)

restored_without_copy = mistake(
    """You hand the state's own tensors to the optimiser, and torch's load_state_dict keeps them: training on changes
    the state, so that it cannot be restored a second time. Copy here, too.""",
    replace("restore", LOADS, 'optimizer.load_state_dict(state["optimizer"])'),
)

rest_forgotten = mistake(
    """What else the caller gives to capture, such as the best loss so far, is not in your state under its own name.
    Without it, patience would begin anew.""",
    replace("capture", "        **rest,\n", ""),
)

names_rebound = mistake(
    """The model keeps its own weights. To bind a name to a saved tensor changes no parameter: load_state_dict, or copy_
    under no_grad, writes the numbers into it.""",
    replace(
        "restore",
        'unwrap(model).load_state_dict(state["model"])',
        'for name, tensor in unwrap(model).state_dict().items():\n        tensor = state["model"][name]',
    ),
)

pickled_objects = mistake(
    """Your state holds an object, such as the optimiser itself or NumPy's random state. To read that from a file runs code,
    which weights_only=True refuses: hold tensors, numbers and texts, as state_dict gives them.""",
    replace("capture", '"optimizer": optimizer.state_dict()', '"optimizer": optimizer'),
    replace("capture", 'copied(state, "the state")', '__import__("copy").deepcopy(state)'),
    replace("restore", 'copied(state["optimizer"], "the state")', 'state["optimizer"].state_dict()'),
)
