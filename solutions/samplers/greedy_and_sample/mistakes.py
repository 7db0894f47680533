"""What goes wrong in the exercise greedy_and_sample."""

from check import mistake, redefine, replace

one_for_the_whole_batch = mistake(
    """You take one argmax over all numbers, so a batch of five rows gives a single token, counted through the
    whole table. Each row has its own most probable token: print your result's shape.""",
    replace("greedy", "argmax(dim=-1)", "argmax()"),
)

greedy_over_the_batch = mistake(
    """Your greedy compares the rows with each other: it gives one number for each token of the vocabulary. It
    should give one for each row; look at which axis is left.""",
    replace("greedy", "dim=-1", "dim=0"),
)

greedy_in_a_column = mistake(
    """Your greedy gives (B, 1). One number a row is asked, (B,): keepdim and topk(1) leave an axis of length 1,
    which has to go.""",
    replace("greedy", "dim=-1", "dim=-1, keepdim=True"),
)

another_than_the_first = mistake(
    """Where several logits are the highest, your greedy gives another than the first. torch.topk promises no order
    among equals, and neither does a sort without stable=True: look for a function that says which one it takes.""",
    replace("greedy", "argmax(dim=-1)", "argsort(dim=-1, stable=True)[:, -1]"),
)


@redefine("sample", forgiven=False)  # the library does all of it
def u_ignored(probs, u):
    """You let a library draw with random numbers of its own, so twice the same gives two different tokens. What you
    were given to draw with must decide: try it twice."""
    _check_probs(probs, u)
    return torch.multinomial(probs.float(), 1)[:, 0]


rank_instead_of_token = mistake(
    """You sort the probabilities before you add them up, and return a place in the sorted row. No sorting is
    needed; if you sort, look up which token stands at that place.""",
    replace(
        "sample",
        "probs.double().cumsum(dim=-1).masked_fill(probs == 0, 0.0)",
        "probs.double().sort(dim=-1, descending=True).values.cumsum(dim=-1)",
    ),
)

border_to_the_lower = mistake(
    """When u falls just on the border of two tokens you take the lower one, and u = 0 draws a token even if its
    probability is zero. The sum must exceed u, not only reach it: look at how you compare.""",
    replace("sample", "up_to > u", "up_to >= u"),
)


@redefine("sample")
def past_the_end(probs, u):
    """You compare u with sums that need not end at 1: a u near 1 can exceed all of them, and then you return V,
    which is no token. Compare u with each sum's share of the whole row's."""
    _check_probs(probs, u)
    return (probs.double().cumsum(dim=-1) <= u.double()[:, None]).sum(dim=-1)


@redefine("sample")
def rest_to_the_last_token(probs, u):
    """What a row lacks to 1 goes to the last token of your vocabulary, even where it is impossible. Divide by the
    row's sum instead, and try a row that ends with zeros."""
    _check_probs(probs, u)
    passed = (probs.double().cumsum(dim=-1) <= u.double()[:, None]).sum(dim=-1)
    return passed.clamp(max=probs.shape[-1] - 1)


@redefine("sample")
def first_token_for_the_rest(probs, u):
    """Where a row sums to less than 1, a u near 1 exceeds every running sum, and you return token 0: argmax of a row
    in which nothing is True. Compare u with each sum's share of the whole row's."""
    _check_probs(probs, u)
    return (probs.double().cumsum(dim=-1) > u.double()[:, None]).int().argmax(dim=-1)


sums_in_half_precision = mistake(
    """You add up the probabilities in the dtype they come in. A running sum in float16 stops growing as soon as
    the next probability is less than half of its last digit: convert to more digits before cumsum.""",
    replace("sample", "probs.double()", "probs"),
)

normalised_in_place = mistake(
    """You divide the probabilities that you were given by their sum, in place: whoever called you finds them
    changed. Look for /= and for functions of torch that end in an underscore.""",
    replace("sample", "up_to = probs", "up_to = probs.div_(probs.sum(dim=-1, keepdim=True))"),
)
