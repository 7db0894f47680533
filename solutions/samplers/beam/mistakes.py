"""What goes wrong in the exercise beam."""

from check import mistake, redefine, replace

copies_of_the_start = mistake(
    """You begin with width copies of start. They all give the same children, so your beam is width times the greedy
    choice: look at how many different texts come back.""",
    replace("beam_search", "start[None], torch.zeros(1,", "start.expand(width, -1), torch.zeros(width,"),
)


@redefine("beam_search")
def one_child_each(step, start, width, length, eos=None, length_penalty=0.0):
    """After the first step each of your hypotheses goes on with its own best token. All children of all hypotheses
    compete together: look at what becomes of one that is far ahead."""
    totals, new = step(start[None])[0].double().sort(descending=True, stable=True)
    new, totals = new[totals > -torch.inf][:width], totals[totals > -torch.inf][:width]
    beam, ended = torch.cat([start.expand(len(totals), -1), new[:, None]], dim=-1), []
    for used in range(1, length + 1):
        ended_now = torch.zeros(len(beam), dtype=torch.bool) if eos is None else beam[:, -1] == eos
        ended += zip(beam[ended_now], totals[ended_now], strict=True)
        beam, totals = beam[~ended_now], totals[~ended_now]
        if not len(beam) or used == length:
            break
        best, token = step(beam).double().max(dim=-1)
        beam, totals = torch.cat([beam, token[:, None]], dim=-1), totals + best
    ended += zip(beam, totals, strict=True)
    continuations = [(tokens[len(start) :].tolist(), total.item()) for tokens, total in ended]
    scored = [(new, total / len(new) ** length_penalty) for new, total in continuations]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)[:width]


@redefine("beam_search")
def ended_hold_their_place(step, start, width, length, eos=None, length_penalty=0.0):
    """A hypothesis that has ended keeps its place in your beam, so fewer and fewer go on. It waits outside; look at
    how many go on after the first end."""
    beam = [(start.tolist(), 0.0)]
    for _ in range(length):
        children = []
        for tokens, total in beam:
            if len(tokens) > len(start) and tokens[-1] == eos:
                children.append((tokens, total))
                continue
            following = enumerate(step(torch.tensor([tokens]))[0].double().tolist())
            children += [([*tokens, token], total + more) for token, more in following if more > -torch.inf]
        beam = sorted(children, key=lambda pair: pair[1], reverse=True)[:width]
    continuations = [(tokens[len(start) :], total) for tokens, total in beam]
    scored = [(new, total / len(new) ** length_penalty) for new, total in continuations]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)


eos_ignored = mistake(
    """Your hypotheses go on after eos. One that ends with eos is complete: it leaves the beam, waits, and is
    ranked with the others at the end.""",
    replace("beam_search", " if eos is None else beam[:, -1] == eos", ""),
)

going_forgotten = mistake(
    """Where some hypotheses have ended you return only those. What is still going on after the last step is ranked
    with them: it may be better.""",
    replace(
        "beam_search",
        "    ended += zip(beam, totals, strict=True)\n",
        "    ended = ended or list(zip(beam, totals, strict=True))\n",
    ),
)

width_shrinks = mistake(
    """With each hypothesis that ends you go on with one fewer. What has ended waits outside and takes no place:
    look at how many go on after the first end.""",
    replace("beam_search", "    ended: list", "    places = width\n    ended: list"),
    replace("beam_search", "        finite = ", "        width = places - len(ended)\n        finite = "),
    replace("beam_search", "reverse=True)[:width]", "reverse=True)[:places]"),
)

length_ignored = mistake(
    """Your scores are the sums alone. Divide each by its number of new tokens to the power length_penalty before you
    rank them.""",
    replace("beam_search", "total / len(new) ** length_penalty", "total"),
)

another_length_penalty = mistake(
    """You divide by ((5 + n) / 6) to the power length_penalty, the formula of Wu et al. Here it is n to that
    power: look at the docstring.""",
    replace("beam_search", "len(new) ** length_penalty", "((5 + len(new)) / 6) ** length_penalty"),
)

start_counted = mistake(
    """You count the tokens of start when you divide by the length. Only the new ones are scored, so only they count:
    look at what you divide by.""",
    replace("beam_search", "total / len(new)", "total / (len(start) + len(new))"),
)

room_for_v_only = mistake(
    """You fail when width is larger than the number of continuations there are: at the first step that is V. Take as
    many as there are.""",
    replace("beam_search", "    ended: list", "    step(start[None]).flatten().topk(width)\n    ended: list"),
)

impossible_kept = mistake(
    """Where there is room you keep continuations of probability zero, with the score -inf. No text can be that: drop
    them, and look at what is left for a row with a single possible token.""",
    replace("beam_search", "best[:width] > -torch.inf", "torch.ones_like(best[:width], dtype=torch.bool)"),
)

sums_in_their_dtype = mistake(
    """You keep the sums in the dtype of the log-probabilities. In half precision a sum of forty has lost its digits:
    convert to more before you add.""",
    replace(
        "beam_search",
        "totals[:, None] + step(beam).double()",
        "totals.to(step(beam).dtype)[:, None] + step(beam)",
    ),
)
