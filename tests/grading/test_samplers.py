"""Samplers as they stand in much code: what they earn, and what is said of them."""

from functools import cache

import pytest

from check import AnswerKey, Mark, run_probes
from check.load import load_lib
from check.mark import mark
from grading.key.key import answer_key
from tests.support.assignments import load
from tests.support.seeds import fresh_seeds

SEEDS = fresh_seeds(2)
MODULES = {"next_token": "decoding", "generate": "decoding", "beam": "beam"}  # the others are in sampling

# In each the k highest are kept; of equals the last, those that torch.topk takes, or any.
OTHERS_OF_EQUALS = {
    "the last": "logits.flip(-1).argsort(dim=-1, descending=True, stable=True).sub(logits.shape[-1] - 1).neg()",
    "topk's": "logits.topk(logits.shape[-1], dim=-1).indices",
    "any": "torch.stack([p[row[p].argsort(descending=True, stable=True)] "
    "for row, p in ((row, torch.randperm(len(row))) for row in logits)])",
}
NO_WORK = {
    "greedy_and_sample": "def greedy(logits):\n    return logits.argmin(-1) * 0\n"
    "def sample(probs, u):\n    return (u * 0).long()\n",
    "temperature": "def apply_temperature(logits, temperature):\n    return logits\n",
    "top_k": "def keep_top_k(logits, k):\n    return logits\n",
    "top_p": "def keep_top_p(logits, p):\n    return logits\n",
    "penalty": "def repetition_penalty(logits, tokens, penalty):\n    return logits\n",
    "next_token": "def filtered(logits, tokens, decoding):\n    return logits\n"
    "def draw(logits, generator=None):\n    return logits.argmin(-1) * 0\n",
    "generate": "def generate(model, tokens, max_new_tokens, decoding=PLAIN, generator=None):\n    return tokens\n",
    "beam": "def beam_search(step, start, width, length, eos=None, length_penalty=0.0):\n    return []\n",
}
ORDINARY = {  # right in the ordinary case: no limits, no refusals, no order of equals
    "temperature": "def apply_temperature(logits, temperature):\n    return logits / temperature\n",
    "top_k": """
def keep_top_k(logits, k):
    return logits.masked_fill(logits < logits.topk(min(k, logits.shape[-1])).values[:, -1:], -torch.inf)
""",
    "top_p": """
def keep_top_p(logits, p):
    order = logits.argsort(dim=-1, descending=True)
    probs = logits.softmax(dim=-1).gather(-1, order)
    outside = probs.cumsum(dim=-1) - probs > p
    return logits.masked_fill(torch.zeros_like(outside).scatter(-1, order, outside), -torch.inf)
""",
    "penalty": """
def repetition_penalty(logits, tokens, penalty):
    held = logits.gather(-1, tokens)
    return logits.scatter(-1, tokens, torch.where(held < 0, held * penalty, held / penalty))
""",
    "greedy_and_sample": """
def sample(probs, u):
    return (probs.cumsum(dim=-1) <= u[:, None]).sum(dim=-1)
""",
}


@cache
def key() -> AnswerKey:
    return answer_key(load("samplers"), SEEDS)


def marks(exercise: str, text: str) -> list[Mark]:
    """Return the marks of one exercise for a text that stands behind the reference's own."""
    a, module = load("samplers"), MODULES.get(exercise, "sampling")
    source = (a.root / "lib" / f"{module}.py").read_text("utf8")
    lib = load_lib(a.root, {module: source + text}, a.modules)
    return mark(a.exercises[exercise], key(), run_probes(a.exercises[exercise], lib, SEEDS))


def failed(exercise: str, text: str) -> dict[str, tuple[str, ...]]:
    """Return the failed probes of one exercise, and the mistakes that each names."""
    return {one.probe: one.mistakes for one in marks(exercise, text) if one.earned < one.points}


@pytest.mark.parametrize("order", OTHERS_OF_EQUALS)
def test_whichever_others_of_equals_are_kept_the_verdict_and_the_hint_are_the_same(order):
    order = OTHERS_OF_EQUALS[order]
    top_k = f"""
def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(k)
    kept = ({order})[..., :k]
    return torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))
"""
    top_p = f"""
def keep_top_p(logits, p):
    if not 0 <= p <= 1:
        raise ValueError(p)
    order = {order}
    probs = logits.softmax(dim=-1, dtype=torch.float64).gather(-1, order)
    inside = (probs.cumsum(dim=-1) - probs < p) | (p == 1)
    inside[:, 0] = True
    return logits.masked_fill(~torch.zeros_like(inside).scatter(-1, order, inside), -torch.inf)
"""
    greedy = f"\ndef greedy(logits):\n    return ({order})[:, 0]\n"
    assert failed("top_k", top_k) == {"first_of_equals": ("others_of_equals_kept",)}
    assert failed("top_p", top_p) == {"equals_in_order": ("others_in_the_nucleus",)}
    assert failed("greedy_and_sample", greedy) == {"first_highest": ("another_than_the_first",)}


@pytest.mark.parametrize("number", ["-1e5", "-1e9", "-1e10", "torch.finfo(logits.dtype).min"])
def test_a_number_for_what_is_impossible_costs_a_point_whichever_it_is(number):
    top_k = f"""
def keep_top_k(logits, k):
    if k < 1:
        raise ValueError(k)
    kept = logits.argsort(dim=-1, descending=True, stable=True)[..., :k]
    kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, kept, True)
    return torch.where(kept, logits.double(), {number}).to(logits.dtype)
"""
    assert failed("top_k", top_k) == {"others_impossible": ("large_negative_number",)}


@pytest.mark.parametrize("refusal", ["pass", "assert k > 0", "if k == 0:\n        raise ValueError"])
def test_whatever_a_bad_setting_meets_instead_of_a_value_error_is_one_mistake(refusal):
    top_k = f"""
def keep_top_k(logits, k):
    {refusal}
    kept = logits.argsort(dim=-1, descending=True, stable=True)[..., :k]
    return torch.full_like(logits, -torch.inf).scatter(-1, kept, logits.gather(-1, kept))
"""
    assert failed("top_k", top_k) == {"bad_k": ("any_k",)}


@pytest.mark.parametrize("exercise", NO_WORK)
def test_what_is_handed_through_or_always_the_same_earns_nothing(exercise):
    assert sum(one.earned for one in marks(exercise, "\n" + NO_WORK[exercise])) == 0


@pytest.mark.parametrize("exercise", ORDINARY)
def test_what_is_right_in_the_ordinary_case_earns_most_of_the_points_and_all_else_is_named(exercise):
    found = marks(exercise, "\n" + ORDINARY[exercise])
    assert sum(one.earned for one in found) >= 0.6 * sum(one.points for one in found)
    assert [one.probe for one in found if one.earned < one.points and not one.mistakes] == []
