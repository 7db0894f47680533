"""generate against transformers: the same greedy text, and the same distribution under all settings together.

Chi-square tests run on fixed seeds and are held to the 1 - 1e-6 quantile: with fresh seeds they would accuse
a right program once in a million runs.
"""

import dataclasses

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM
from transformers.generation.logits_process import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from lib.decoding import Decoding, draw, filtered, generate
from lib.sampling import sample

V = 29
PROMPT = torch.tensor([[3, 1, 4], [1, 5, 9], [2, 6, 5], [3, 5, 8]])


def gpt2():
    torch.manual_seed(1)
    sizes = {"vocab_size": V, "n_positions": 64, "n_embd": 16, "n_layer": 2, "n_head": 2}
    return GPT2LMHeadModel(GPT2Config(**sizes, initializer_range=0.5, eos_token_id=None)).eval()


def llama():
    torch.manual_seed(2)
    sizes = {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2}
    return LlamaForCausalLM(
        LlamaConfig(vocab_size=V, **sizes, initializer_range=0.5, eos_token_id=None)
    ).eval()


MODELS = {"gpt2": gpt2(), "llama": llama()}
BY_MODEL = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def logits_of(model):
    return lambda tokens: model(tokens).logits


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def fixed(logits):
    """Return a model that gives the same logits after every text."""
    return lambda tokens: logits.expand(*tokens.shape, len(logits))


def script(texts, size=V):
    """Return a model of one continuation a row; the number of calls is counted in its attribute."""

    def model(tokens):
        model.calls += 1
        column = torch.tensor([text[tokens.shape[1] - 1] for text in texts])
        return (
            torch.nn.functional.one_hot(column, size).float().mul(60)[:, None].expand(-1, tokens.shape[1], -1)
        )

    model.calls = 0
    return model


# ---- against transformers


@BY_MODEL
@pytest.mark.parametrize("eos", [None, 7, 14])
@pytest.mark.parametrize("penalty", [1.0, 1.7])
def test_greedy_text_is_that_of_transformers(model, eos, penalty):
    theirs = model.generate(
        PROMPT,
        attention_mask=torch.ones_like(PROMPT),
        do_sample=False,
        max_new_tokens=20,
        repetition_penalty=penalty,
        eos_token_id=eos,
        pad_token_id=0 if eos is None else eos,
    )
    settings = [{"temperature": 0}, {"top_k": 1}, {"top_p": 0.0}, {"temperature": 1e-6}]
    for setting in settings:
        ours = generate(logits_of(model), PROMPT, 20, Decoding(penalty=penalty, eos=eos, **setting))
        assert torch.equal(ours, theirs), setting


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"temperature": 0.6},
        {"top_k": 5},
        {"top_p": 0.8},
        {"penalty": 2.0},
        {"temperature": 1.7, "top_k": 9, "top_p": 0.85, "penalty": 1.4},
    ],
    ids=lambda settings: "+".join(settings) or "plain",
)
def test_the_distribution_is_that_of_transformers(settings):
    """One token after a prompt of all sorts, drawn 40,000 times, against the processors' softmax."""
    n, prompt = 40_000, torch.tensor([[0, 3, 3, 8, 11]])
    logits = torch.randn(12, generator=seeded(3)).mul(2)
    processors = LogitsProcessorList([RepetitionPenaltyLogitsProcessor(settings.get("penalty", 1.0))])
    processors.append(TemperatureLogitsWarper(float(settings.get("temperature", 1.0))))
    processors.append(TopKLogitsWarper(settings.get("top_k", 12)))
    processors.append(TopPLogitsWarper(settings.get("top_p", 1.0)))
    want = processors(prompt, logits[None].clone())[0].double().softmax(dim=-1)
    chosen = Decoding(**settings)
    new = generate(fixed(logits), prompt.expand(n, 5), 1, chosen, seeded(4))[:, -1]
    counts = torch.bincount(new, minlength=12)
    possible = want > 0
    assert counts[~possible].sum() == 0
    expected = want[possible] * n
    statistic = ((counts[possible] - expected) ** 2 / expected).sum()
    degrees = torch.tensor((possible.sum().item() - 1) / 2, dtype=torch.float64)
    assert torch.special.gammaincc(degrees, statistic / 2) > 1e-6


@BY_MODEL
def test_each_token_is_drawn_from_the_models_distribution_after_all_tokens_before_it(model):
    """By the chain rule, written out: the uniform numbers are known, so the text is."""
    tokens, numbers = PROMPT, seeded(5)
    with torch.no_grad():
        for _ in range(12):
            probs = model(tokens).logits[:, -1].softmax(dim=-1)
            tokens = torch.cat([tokens, sample(probs, torch.rand(4, generator=numbers))[:, None]], dim=1)
    assert torch.equal(generate(logits_of(model), PROMPT, 12, generator=seeded(5)), tokens)


# ---- randomness


def test_the_same_generator_gives_the_same_text_and_another_one_another():
    texts = [generate(fixed(torch.zeros(V)), PROMPT, 30, generator=seeded(seed)) for seed in (1, 1, 2)]
    assert torch.equal(texts[0], texts[1])
    assert not torch.equal(texts[0], texts[2])


def test_with_a_generator_torchs_own_is_left_alone():
    before = torch.get_rng_state()
    generate(fixed(torch.zeros(V)), PROMPT, 5, generator=seeded())
    assert torch.equal(torch.get_rng_state(), before)


def test_without_a_generator_torchs_own_is_used():
    texts = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        texts.append(generate(fixed(torch.zeros(V)), PROMPT, 30))
    assert torch.equal(texts[0], texts[1])
    assert not torch.equal(texts[0], texts[2])


def test_rows_steps_and_calls_are_drawn_independently():
    """Pairs of draws from two equal tokens: four cells of 1/4. False alarm 1e-6 for each of three tables."""
    n, generator = 20_000, seeded(6)
    first, second = (
        generate(fixed(torch.zeros(2)), torch.zeros(n, 1, dtype=torch.int64), 2, generator=generator)[:, 1:]
        for _ in range(2)
    )
    pairs = {"steps": first.T, "calls": (first[:, 0], second[:, 0]), "rows": (first[1:, 0], first[:-1, 0])}
    for name, (one, other) in pairs.items():
        counts = torch.bincount(2 * one + other, minlength=4).double()
        expected = counts.sum() / 4
        statistic = ((counts - expected) ** 2 / expected).sum()
        assert torch.special.gammaincc(torch.tensor(1.5).double(), statistic / 2) > 1e-6, name


# ---- the end of a text


def test_a_row_that_has_ended_is_filled_up_and_the_loop_stops_with_the_last():
    model = script([[5, 5, 0, 9, 9, 9, 9], [5, 0, 9, 9, 9, 9, 9], [5, 8, 8, 8, 0, 9, 9]])
    text = generate(model, torch.tensor([[1], [2], [3]]), 7, Decoding(eos=0))
    assert text.tolist() == [[1, 5, 5, 0, 0, 0], [2, 5, 0, 0, 0, 0], [3, 5, 8, 8, 8, 0]]
    assert model.calls == 5


def test_an_eos_in_the_prompt_ends_nothing():
    text = generate(script([[9, 9, 8, 7]]), torch.tensor([[0, 0]]), 3, Decoding(eos=0))
    assert text.tolist() == [[0, 0, 9, 8, 7]]


def test_without_eos_no_token_ends_a_text():
    assert generate(script([[0, 0, 0]]), torch.tensor([[1]]), 3).tolist() == [[1, 0, 0, 0]]


def test_a_row_that_has_ended_takes_nothing_from_the_draws_of_the_others():
    free = torch.zeros(V).index_fill(0, torch.tensor([0]), -torch.inf)
    ends = torch.zeros(V).index_fill(0, torch.tensor([0]), 60.0)

    def model(tokens):
        logits = torch.where(tokens[:, :1] == 1, ends, free)
        return logits[:, None].expand(-1, tokens.shape[1], -1)

    alone = generate(model, torch.tensor([[2], [2]]), 10, Decoding(eos=0), seeded())
    beside = generate(model, torch.tensor([[1], [2]]), 10, Decoding(eos=0), seeded())
    assert beside[0].tolist() == [1] + 10 * [0]
    assert torch.equal(beside[1], alone[1])


# ---- what else is promised


def test_the_penalty_counts_prompt_and_new_tokens_of_the_own_row():
    """Logits 8, 7, 6, 5 with penalty 2: what has come falls below what has not."""
    model = fixed(torch.tensor([8.0, 7.0, 6.0, 5.0]))
    text = generate(model, torch.tensor([[3], [0]]), 4, Decoding(temperature=0, penalty=2.0))
    assert text.tolist() == [[3, 0, 1, 2, 0], [0, 1, 2, 3, 0]]


def test_no_gradient_is_recorded_and_the_callers_setting_comes_back():
    model, enabled = MODELS["gpt2"], []

    def watched(tokens):
        enabled.append(torch.is_grad_enabled())
        return model(tokens).logits

    text = generate(watched, PROMPT, 3)
    assert enabled == [False] * 3
    assert not text.requires_grad
    assert torch.is_grad_enabled()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_logits_of_any_dtype_are_sampled_at_any_setting(dtype):
    logits = torch.tensor([0.0, 200.0, 199.0, -torch.inf], dtype=dtype)
    for settings in ({}, {"temperature": 1e-4}, {"top_k": 2}, {"top_p": 0.9}, {"penalty": 1.0001}):
        chosen, start = Decoding(**settings), torch.zeros(50, 1, dtype=torch.int64)
        new = generate(fixed(logits), start, 4, chosen, seeded())
        assert set(new[:, 1:].flatten().tolist()) <= {1, 2}


def test_the_prompt_comes_first_and_is_left_as_it_was():
    prompt = PROMPT.clone()
    text = generate(fixed(torch.zeros(V)), prompt, 6)
    assert torch.equal(prompt, PROMPT)
    assert torch.equal(text[:, :3], PROMPT)
    assert (text.shape, text.dtype) == ((4, 9), torch.int64)


def test_no_new_tokens_are_no_new_tokens():
    assert torch.equal(generate(fixed(torch.zeros(V)), PROMPT, 0), PROMPT)


def test_a_negative_number_of_tokens_is_refused():
    with pytest.raises(ValueError, match=r"max_new_tokens=-1 must not be negative"):
        generate(fixed(torch.zeros(V)), PROMPT, -1)


@pytest.mark.parametrize("shape", [(4, 0), (3,), (2, 3, 1)])
def test_tokens_that_are_not_rows_of_at_least_one_are_refused(shape):
    message = rf"tokens have shape \({', '.join(map(str, shape))},?\); they must be \(B, T\), T at least 1"
    with pytest.raises(ValueError, match=message):
        generate(fixed(torch.zeros(V)), torch.zeros(shape, dtype=torch.int64), 2)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"penalty": 0.0}, "penalty=0.0 must be larger than 0"),
        ({"penalty": float("nan")}, "penalty=nan must be larger than 0"),
        ({"temperature": -1.0}, "temperature=-1.0 must be 0 or larger"),
        ({"temperature": float("nan")}, "temperature=nan must be 0 or larger"),
        ({"top_k": 0}, "top_k=0 must be at least 1"),
        ({"top_p": 1.5}, "top_p=1.5 must lie between 0 and 1"),
        ({"top_p": float("nan")}, "top_p=nan must lie between 0 and 1"),
        ({"eos": -1}, "eos=-1 must be a token, 0 or larger"),
    ],
    ids=str,
)
def test_a_bad_setting_is_refused_before_any_model_is_asked(setting, message):
    with pytest.raises(ValueError, match=message):
        Decoding(**setting)


def test_settings_cannot_be_changed_or_given_without_a_name():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Decoding().temperature = 0.5
    with pytest.raises(TypeError):
        Decoding(1.2)


# ---- one step by itself


def test_filtered_is_the_four_functions_in_their_order():
    """All four at once against transformers' processors, which come in the same order."""
    tokens = torch.randint(0, 17, (5, 9), generator=seeded(7))
    logits = torch.randn(5, 17, generator=seeded(8), dtype=torch.float64).mul(2)
    want = LogitsProcessorList(
        [
            RepetitionPenaltyLogitsProcessor(1.4),
            TemperatureLogitsWarper(0.7),
            TopKLogitsWarper(6),
            TopPLogitsWarper(0.8),
        ]
    )(tokens, logits.clone())
    got = filtered(logits, tokens, Decoding(penalty=1.4, temperature=0.7, top_k=6, top_p=0.8))
    torch.testing.assert_close(got.softmax(dim=-1), want.softmax(dim=-1), rtol=1e-12, atol=1e-12)


def test_without_settings_the_logits_stay_as_they_are():
    logits = torch.randn(3, 9, generator=seeded(9)).half()
    assert torch.equal(filtered(logits, torch.zeros(3, 2, dtype=torch.int64), Decoding()), logits)


def test_zero_is_a_setting():
    logits, tokens = torch.tensor([[1.0, 3.0, 2.0]]), torch.zeros(1, 1, dtype=torch.int64)
    for setting in ({"temperature": 0}, {"top_p": 0.0}):
        assert (filtered(logits, tokens, Decoding(**setting)) > -torch.inf).tolist() == [[False, True, False]]


def test_draw_inverts_with_one_uniform_number_a_row():
    logits = torch.randn(200, 7, generator=seeded(10))
    want = sample(logits.softmax(dim=-1), torch.rand(200, generator=seeded(11)))
    assert torch.equal(draw(logits, seeded(11)), want)
