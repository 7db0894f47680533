"""What the exercise report asks. A probe knows no answer: it returns what it got, as a float, since NumPy's are floats too."""

from check import probe

WORDS = [
    "a",
    "loss",
    "is",
    "what",
    "the",
    "model",
    "pays",
    "for",
    "each",
    "word",
    "it",
    "did",
    "not",
    "see",
    "coming",
]
CHARACTERS = "语言模型预测下一个词的概率越高损失越小"


@probe(exercise="report", points=2)
def mean_perplexity(lib, rng):
    """exp of the mean over all tokens, from means of batches of unequal size."""
    results = {}
    for batches in (1, 2, 5):
        losses = [n + rng.uniform(1).item() for n in range(batches)]
        tokens = [rng.integer(20, 30) * 4**n for n in range(batches)]
        results[f"{batches} batches"] = float(lib.losses.perplexity(losses, tokens))
    return results


@probe(exercise="report", points=1)
def bits(lib, rng):
    """Bits in all, by the bytes of an English text."""
    results = {}
    for words in (1, 5, 12):
        text = " ".join(WORDS[i] for i in rng.permutation(len(WORDS))[:words].tolist())
        results[text] = float(lib.losses.bits_per_byte(0.5 + 4 * rng.uniform(1).item(), 2 * words, text))
    return list(results.values())


@probe(exercise="report", points=1)
def utf8_bytes(lib, rng):
    """A character may have several bytes."""
    text = "".join(CHARACTERS[i] for i in rng.permutation(len(CHARACTERS))[:7].tolist())
    texts = [text, f"{text}, é", "né 🙂 ß"]
    return [
        float(lib.losses.bits_per_byte(1 + 4 * rng.uniform(1).item(), rng.integer(3, 9), text))
        for text in texts
    ]
