"""BERT's two losses against transformers with copied weights, what they are at the start, and that the loop learns."""

import math

import pytest
import torch
from transformers import BertForPreTraining

from lib.bert_pretraining import PretrainingBERT, bert_loss, evaluate_bert, train_bert
from lib.config import BlockConfig, ModelConfig
from lib.losses import mlm_loss, nsp_loss
from lib.sentence_pairs import Specials, bert_batches_of
from tests.lib.test_transformer import LAYERS, D, H, V, copy_bert, drawn_bert

SPECIAL = Specials(19, 20, 21, 22)
DOCUMENTS = [torch.randint(19, (n,), generator=torch.Generator().manual_seed(n)) for n in (30, 50, 40)]


def model(seed=0, context=13, d_model=D, vocab_size=V, **block):
    torch.manual_seed(seed)
    block = BlockConfig(d_model=d_model, n_heads=H, **block)
    return PretrainingBERT(ModelConfig(block=block, vocab_size=vocab_size, n_layers=LAYERS, context=context))


@pytest.mark.parametrize("context", [13, 14], ids=["full", "padded"])
def test_losses_and_gradients_are_those_of_transformers_with_copied_weights(context):
    theirs = drawn_bert(BertForPreTraining, context)
    ours = model(context=context, norm_first=False).double()
    copy_bert(ours, theirs)
    ours.pooler.load_state_dict(theirs.bert.pooler.dense.state_dict())
    ours.next.load_state_dict(theirs.cls.seq_relationship.state_dict())
    batch = bert_batches_of(DOCUMENTS, context, SPECIAL, batch=5, share=0.4, seed=1)(0)
    expected = theirs(
        batch["tokens"],
        attention_mask=(torch.arange(context) < batch["lengths"][:, None]).long(),
        token_type_ids=batch["segments"],
        labels=batch["labels"],
        next_sentence_label=(~batch["is_next"]).long(),  # 0 says "follows"
    ).loss
    masked, follows = bert_loss(ours, batch)
    torch.testing.assert_close(masked + follows, expected, rtol=1e-9, atol=1e-9)
    found = [torch.autograd.grad(masked + follows, p, retain_graph=True)[0] for p in few(ours)]
    wanted = [torch.autograd.grad(expected, p, retain_graph=True)[0] for p in few_of_theirs(theirs)]
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-7, atol=1e-9)


def few(ours):
    return [ours.segments.weight, ours.pooler.weight, ours.next.bias, ours.dense.weight, ours.head.bias]


def few_of_theirs(theirs):
    head = theirs.cls.predictions
    return [
        theirs.bert.embeddings.token_type_embeddings.weight,
        theirs.bert.pooler.dense.weight,
        theirs.cls.seq_relationship.bias,
        head.transform.dense.weight,
        head.bias,
    ]


def test_called_like_a_bert_it_gives_the_logits_whose_losses_these_are():
    ours, batch = model(), bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=6)(3)
    logits = ours(batch["tokens"], batch["lengths"], batch["segments"])
    x = ours.encode(batch["tokens"], batch["lengths"], batch["segments"])
    masked, follows = bert_loss(ours, batch)
    torch.testing.assert_close(masked, mlm_loss(logits, batch["labels"]))
    torch.testing.assert_close(follows, nsp_loss(ours.follows(x), batch["is_next"]))


@pytest.mark.parametrize("norm_first", [False, True])
def test_before_the_first_step_both_losses_are_those_of_a_guess(norm_first):
    ours = model(d_model=32, vocab_size=V, norm_first=norm_first)
    masked, follows = bert_loss(ours, bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=200)(0))
    assert masked.item() == pytest.approx(math.log(V), abs=0.1)
    assert follows.item() == pytest.approx(math.log(2), abs=0.1)


def test_one_batch_is_learnt_by_heart():
    batch, heard = bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=6)(0), []
    ours = model(d_model=32)
    train_bert(ours, lambda step: batch, steps=60, lr=1e-2, warmup=5, on_step=lambda *one: heard.append(one))
    assert sum(loss.item() for loss in bert_loss(ours, batch)) < 0.2
    assert [step for step, _, _ in heard] == list(range(60))
    first = bert_loss(model(d_model=32), batch)
    assert heard[0][1:] == pytest.approx([loss.item() for loss in first])
    found = evaluate_bert(ours, [batch])
    assert (found["masked right"], found["next right"]) == (1.0, 1.0)


def test_the_same_seed_gives_the_same_weights_bit_for_bit():
    def trained():
        ours = model(5)
        train_bert(ours, bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=4), steps=6, lr=1e-2, warmup=2)
        return ours.state_dict()

    one, other = trained(), trained()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_clipping_and_decay_are_taken():
    def moved(**change):
        ours = model(5)
        train_bert(ours, bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=2), steps=2, lr=1e-2, **change)
        return ours.dense.weight

    assert not torch.equal(moved(), moved(clip=1e-7))
    assert not torch.equal(moved(), moved(decay=0.0))
    assert torch.equal(moved(), moved(clip=1.0, decay=0.1))


def test_an_evaluation_is_the_mean_over_all_tokens_and_all_pairs():
    ours = model(2)
    data = bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=3, share=0.5)
    batches = [data(i) for i in range(4)]
    batches.append({name: one[:1] for name, one in data(4).items()})
    together = {name: torch.cat([one[name] for one in batches]) for name in batches[0]}
    masked, follows = bert_loss(ours, together)
    found = evaluate_bert(ours, batches)
    assert [found["masked"], found["next"]] == pytest.approx([masked.item(), follows.item()], rel=1e-5)
    x = ours.encode(together["tokens"], segments=together["segments"])
    guess, asked = ours.score(x).argmax(dim=-1), together["labels"] != -100
    assert found["masked right"] == pytest.approx((guess == together["labels"])[asked].double().mean().item())
    says_next = ours.follows(x)[:, 0] > ours.follows(x)[:, 1]
    right = (says_next == together["is_next"]).double().mean().item()
    assert found["next right"] == pytest.approx(right)
    assert all(p.grad is None for p in ours.parameters())


def test_an_evaluation_without_a_hidden_token_is_refused():
    batch = bert_batches_of(DOCUMENTS, 13, SPECIAL, batch=3, share=0.0)(0)
    for batches in ([], [batch]):
        with pytest.raises(ValueError, match="no token of the batches is hidden"):
            evaluate_bert(model(), batches)


def test_a_training_without_steps_or_with_a_longer_warmup_is_refused():
    data = bert_batches_of(DOCUMENTS, 13, SPECIAL)
    for steps, warmup, words in ((0, 0, "steps=0 must be at least 1"), (2, 3, "warmup=3 must not be over")):
        with pytest.raises(ValueError, match=words):
            train_bert(model(), data, steps=steps, lr=1e-3, warmup=warmup)


def test_no_step_is_taken_with_a_loss_that_is_no_number():
    ours = model()
    with torch.no_grad():
        ours.dense.bias[0] = torch.nan
    before = {name: weight.clone() for name, weight in ours.state_dict().items()}
    with pytest.raises(FloatingPointError, match="step 0: masked loss nan, next loss 0"):
        train_bert(ours, bert_batches_of(DOCUMENTS, 13, SPECIAL), steps=2, lr=1e-3)
    for name, weight in ours.state_dict().items():
        torch.testing.assert_close(weight, before[name], rtol=0, atol=0, equal_nan=True)
