"""GPT, BERT and the encoder-decoder against transformers with copied weights, and what each may see."""

import math

import pytest
import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
)

from lib import transformer
from lib.config import BlockConfig, ModelConfig
from lib.losses import cross_entropy
from lib.positions import split_to_interleaved
from lib.transformer import BERT, GPT, Decoder, Encoder, EncoderDecoder, TokenEmbedding
from tests.lib.test_layers import draw_parameters

V, D, H, LAYERS, CONTEXT = 23, 12, 2, 2, 8
TOKENS = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 22]])


def config(positions="learned", tied=True, layers=LAYERS, vocab_size=V, context=CONTEXT, **block):
    block = BlockConfig(**{"d_model": D, "n_heads": H, **block})
    return ModelConfig(
        block=block, vocab_size=vocab_size, n_layers=layers, context=context, positions=positions, tied=tied
    )


@torch.no_grad()
def test_a_gpt_is_transformers_gpt2_with_copied_weights():
    theirs = draw_parameters(
        GPT2LMHeadModel(GPT2Config(vocab_size=V, n_positions=CONTEXT, n_embd=D, n_layer=LAYERS, n_head=H))
    ).eval()
    ours = GPT(config(network="gelu_tanh")).double()
    ours.embed.table.weight.copy_(theirs.transformer.wte.weight)
    ours.embed.places.table.weight.copy_(theirs.transformer.wpe.weight)
    ours.encoder.norm.load_state_dict(theirs.transformer.ln_f.state_dict())
    for mine, yours in zip(ours.encoder.blocks, theirs.transformer.h, strict=True):
        mine.norm1.load_state_dict(yours.ln_1.state_dict())
        mine.norm2.load_state_dict(yours.ln_2.state_dict())
        projections = (mine.attention.query, mine.attention.key, mine.attention.value)
        parts = zip(yours.attn.c_attn.weight.split(D, dim=1), yours.attn.c_attn.bias.split(D), strict=True)
        linear = [(projection, w, b) for projection, (w, b) in zip(projections, parts, strict=True)]
        for own, other in (
            (mine.attention.out, yours.attn.c_proj),
            (mine.feed_forward.up, yours.mlp.c_fc),
            (mine.feed_forward.down, yours.mlp.c_proj),
        ):
            linear.append((own, other.weight, other.bias))
        for own, weight, bias in linear:  # GPT-2 keeps its matrices the other way round
            own.weight.copy_(weight.T)
            own.bias.copy_(bias)
    torch.testing.assert_close(ours(TOKENS), theirs(TOKENS).logits, rtol=1e-9, atol=1e-9)


@torch.no_grad()
def test_a_gpt_with_rotation_is_transformers_llama_with_copied_weights():
    theirs = draw_parameters(
        LlamaForCausalLM(
            LlamaConfig(
                vocab_size=V,
                hidden_size=24,
                intermediate_size=20,
                num_hidden_layers=LAYERS,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=CONTEXT,
                rms_norm_eps=1e-5,
                attn_implementation="eager",
            )
        )
    ).eval()
    block = {"d_model": 24, "n_heads": 4, "n_kv_heads": 2, "d_ff": 20, "norm": "rms", "network": "swiglu"}
    ours = GPT(config("none", tied=False, bias=False, rope_base=10000.0, **block)).double()
    ours.embed.table.weight.copy_(theirs.model.embed_tokens.weight)
    ours.head.weight.copy_(theirs.lm_head.weight)
    ours.encoder.norm.weight.copy_(theirs.model.norm.weight)
    for mine, yours in zip(ours.encoder.blocks, theirs.model.layers, strict=True):
        mine.attention.query.weight.copy_(split_to_interleaved(yours.self_attn.q_proj.weight, 4))
        mine.attention.key.weight.copy_(split_to_interleaved(yours.self_attn.k_proj.weight, 2))
        mine.attention.value.weight.copy_(yours.self_attn.v_proj.weight)
        mine.attention.out.weight.copy_(yours.self_attn.o_proj.weight)
        mine.norm1.weight.copy_(yours.input_layernorm.weight)
        mine.norm2.weight.copy_(yours.post_attention_layernorm.weight)
        for name in ("gate", "up", "down"):
            getattr(mine.feed_forward, name).weight.copy_(getattr(yours.mlp, f"{name}_proj").weight)
    # Their angles are taken in float32.
    torch.testing.assert_close(ours(TOKENS), theirs(TOKENS).logits, rtol=1e-4, atol=1e-4)


def drawn_bert(kind, context):
    """Return a BERT of transformers, of one kind of heads, with drawn weights."""
    sizes = BertConfig(
        vocab_size=V,
        hidden_size=D,
        num_hidden_layers=LAYERS,
        num_attention_heads=H,
        intermediate_size=4 * D,
        max_position_embeddings=context,
        layer_norm_eps=1e-5,
    )
    return draw_parameters(kind(sizes)).eval()


@torch.no_grad()
def copy_bert(ours, theirs):
    """Give a BERT the weights of one of transformers' with a head for masked words."""
    embed, head = theirs.bert.embeddings, theirs.cls.predictions
    pairs = [
        (ours.embed.table, embed.word_embeddings),
        (ours.embed.places.table, embed.position_embeddings),
        (ours.segments, embed.token_type_embeddings),
        (ours.norm, embed.LayerNorm),
        (ours.dense, head.transform.dense),
        (ours.head_norm, head.transform.LayerNorm),
        (ours.head, head.decoder),
    ]
    for mine, yours in zip(ours.encoder.blocks, theirs.bert.encoder.layer, strict=True):
        own = yours.attention.self
        attention = mine.attention
        pairs += [(attention.query, own.query), (attention.key, own.key), (attention.value, own.value)]
        pairs += [
            (attention.out, yours.attention.output.dense),
            (mine.norm1, yours.attention.output.LayerNorm),
        ]
        pairs += [
            (mine.feed_forward.up, yours.intermediate.dense),
            (mine.feed_forward.down, yours.output.dense),
        ]
        pairs += [(mine.norm2, yours.output.LayerNorm)]
    for mine, yours in pairs:
        mine.load_state_dict(yours.state_dict())


@torch.no_grad()
def test_a_bert_is_transformers_bert_with_copied_weights():
    theirs = drawn_bert(BertForMaskedLM, CONTEXT)
    ours = BERT(config(norm_first=False)).double()
    copy_bert(ours, theirs)
    lengths, segments = torch.tensor([6, 4]), torch.tensor([[0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 0, 0]])
    real = torch.arange(6) < lengths[:, None]
    expected = theirs(TOKENS, attention_mask=real.long(), token_type_ids=segments).logits
    torch.testing.assert_close(ours(TOKENS, lengths, segments)[real], expected[real], rtol=1e-9, atol=1e-9)


KINDS = [
    {},
    {"norm_first": False},
    {"positions": "sinusoidal", "norm": "rms"},
    {"positions": "none", "rope_base": 100.0, "network": "swiglu", "n_kv_heads": 1, "bias": False},
    {"tied": False, "network": "relu"},
]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)


def changed(model, before, after, *rest):
    """Return which tokens' logits differ between two inputs."""
    return (model(before, *rest) - model(after, *rest)).abs().amax(dim=(0, -1)).gt(1e-9).tolist()


@EVERY_KIND
@torch.no_grad()
def test_a_gpt_sees_nothing_that_comes_later_and_a_bert_sees_all(kind):
    other = TOKENS.clone()
    other[:, 3] = 7
    assert changed(draw_parameters(GPT(config(**kind))), TOKENS, other) == [False] * 3 + [True] * 3
    assert changed(draw_parameters(BERT(config(**kind))), TOKENS, other) == [True] * 6


@EVERY_KIND
@torch.no_grad()
def test_padding_is_seen_by_nobody(kind):
    other, lengths = TOKENS.clone(), torch.tensor([4, 4])
    other[:, 4:] = 7
    for model in (GPT(config(**kind)), BERT(config(**kind))):
        assert changed(draw_parameters(model), TOKENS, other, lengths)[:4] == [False] * 4


@EVERY_KIND
@torch.no_grad()
def test_a_translator_writes_from_left_to_right_and_reads_the_real_source(kind):
    model = draw_parameters(EncoderDecoder(config(**kind), source_vocab=11))
    source, lengths = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]), torch.tensor([5, 3])
    logits = model(source, TOKENS, lengths)
    assert logits.shape == (2, 6, V)
    later, padded = TOKENS.clone(), source.clone()
    later[:, 4] = 7
    padded[1, 3:] = 0
    apart = (logits - model(source, later, lengths)).abs().amax(dim=(0, -1)).gt(1e-9)
    assert apart.tolist() == [False] * 4 + [True] * 2
    torch.testing.assert_close(model(padded, TOKENS, lengths), logits)
    padded[1, 2] = 0
    assert (logits - model(padded, TOKENS, lengths)).abs().amax(dim=(1, 2)).gt(1e-9).tolist() == [False, True]


def first_loss(model, vocab_size):
    """Return the mean loss of 1,024 random targets, whose own spread is about 0.005."""
    tokens, targets = torch.randint(vocab_size, (2, 16, 64))
    with torch.no_grad():
        return cross_entropy(model(tokens), targets).item()


SIZES = [(kind, *size) for kind in KINDS for size in ((16, 1, 5), (64, 6, 3))] + [({}, 768, 1, 1)]


@pytest.mark.parametrize(("kind", "width", "layers", "seeds"), SIZES)
def test_the_first_loss_is_that_of_a_guess(kind, width, layers, seeds):
    """Within 0.1 of ln V; found were at most 0.01."""
    sizes = config(
        **kind | {"vocab_size": 500, "context": 64, "layers": layers, "d_model": width, "n_heads": 4}
    )
    found = {}
    for seed in range(seeds):
        for model in (GPT, BERT):
            torch.manual_seed(seed)
            found[model.__name__, seed] = first_loss(model(sizes), 500) - math.log(500)
    assert {name: off for name, off in found.items() if abs(off) > 0.1} == {}


def test_everything_is_found_in_one_module():
    """On purpose, and without what happens to be imported there."""
    everything = vars(transformer)
    assert {"Encoder", "Decoder", "EncoderBlock", "DecoderBlock", "GPT", "BERT"} < set(transformer.__all__)
    assert all(name in everything for name in transformer.__all__)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (torch.zeros(1, 9, dtype=torch.int64), "T=9 tokens are more than context=8"),
        (torch.tensor([[0, 23]]), "tokens go from 0 to 23; vocab_size=23 allows 0 to 22"),
        (torch.tensor([[-1, 3]]), "tokens go from -1 to 3"),
    ],
)
def test_a_model_refuses_tokens_that_it_has_no_row_for(tokens, message):
    for model in (GPT(config()), BERT(config())):
        with pytest.raises(ValueError, match=message):
            model(tokens)


def test_empty_batches_and_single_tokens_pass():
    model = GPT(config())
    assert model(torch.zeros(0, 3, dtype=torch.int64)).shape == (0, 3, V)
    assert model(TOKENS[:1, :1]).shape == (1, 1, V)


def test_a_last_norm_stands_where_nothing_normalised_the_sum():
    for stack in (Encoder, Decoder):
        assert type(stack(config()).norm).__name__ == "LayerNorm"
        assert type(stack(config(norm_first=False)).norm).__name__ == "Identity"


@torch.no_grad()
def test_sinusoids_are_added_to_scaled_embeddings():
    embed = TokenEmbedding(config("sinusoidal"), V)
    expected = (
        embed.table(TOKENS[:, 1:2]) * math.sqrt(D) + torch.tensor([math.sin(1), math.cos(1)]).repeat(6) * 0
    )
    found = embed(TOKENS)[:, 1:2]
    torch.testing.assert_close(
        (found - expected)[..., :2], torch.tensor([[[0.8415, 0.5403]]] * 2), rtol=0, atol=1e-4
    )
