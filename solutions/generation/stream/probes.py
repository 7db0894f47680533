"""What the exercise stream asks. A probe knows no answer: it returns what it got."""

from inputs import in_random_order

from check import probe

CHINESE, EMOJI, ASCII = "学习新知识语言模型天地", "👍😀🎉🚀🌍", "abcdefgh "


def decoder(tokens):
    """Return a decode for ids 0, 1, … that stand for these bytes."""
    return lambda ids: b"".join(tokens[i] for i in ids).decode(errors="replace")


def said(lib, tokens, stops=()):
    """Return what a stream says at each of these tokens, given as bytes, and at the end."""
    stream = lib.chat.TextStream(decoder(tokens), stops)
    pushed = [stream.push(i) for i in range(len(tokens))]
    return {"said": " | ".join(map(str, [*pushed, stream.finish()])), "stopped": bool(stream.stopped)}


def some(rng, signs, count):
    return "".join(signs[i] for i in rng.integers(0, len(signs), count).tolist())


@probe(exercise="stream", points=2)
def whole_characters(lib, rng):
    """A character is sent with its last byte, and each once."""
    results = {}
    for name, signs in {"Chinese": CHINESE, "emoji": EMOJI, "English": ASCII}.items():
        text = some(rng, ASCII, 2) + some(rng, signs, 5)
        results[name] = said(lib, [bytes([byte]) for byte in text.encode()])["said"]
    return results


@probe(exercise="stream", points=1)
def what_waits(lib, rng):
    """U+FFFD waits at the end of the text only: what is whole before it is sent at once, in the middle it is what it is."""
    results = {}
    for i in range(3):
        first, second, third = (some(rng, CHINESE, 1).encode() for _ in range(3))
        before, after = some(rng, ASCII, 3).encode(), some(rng, ASCII, 2).encode()
        tokens = [before + first[:2], first[2:] + second + third[:1], third[1:2], third[2:] + after]
        results[f"beside half a character, {i}"] = said(lib, tokens)["said"]
    for broken in in_random_order(rng, [b"\xff", "学".encode()[:2], "🎉".encode()[2:]]):
        before, behind, after = (some(rng, ASCII, count).encode() for count in (3, 2, 2))
        stream = lib.chat.TextStream(decoder([before, broken, behind, after]))
        results[f"no character, {len(results) - 3}"] = "".join(str(stream.push(i)) for i in range(4))
    return results


@probe(exercise="stream", points=1)
def stop_strings(lib, rng):
    """A stop string ends the text before it, also when it comes in several tokens; after it nothing is sent."""
    results = {}
    for name, pieces in {
        "in one token": ["{}###{}"],
        "in two": ["##", "#"],
        "with its neighbours": ["{}#", "##{}"],
        "in three": ["{}<e", "n", "d>{}"],
    }.items():
        filled = [piece.format(some(rng, ASCII, 2), some(rng, ASCII, 2)) for piece in pieces]
        tokens = [some(rng, ASCII, 3), *filled, some(rng, ASCII, 3)]
        results[name] = said(lib, [token.encode() for token in tokens], stops=["###", "<end>"])
    return results


@probe(exercise="stream", points=1)
def false_starts(lib, rng):
    """What could begin a stop string waits, and is sent as soon as it is known not to be one."""
    results = {}
    for name, pieces in {
        "it breaks off": ["<e", "n"],
        "another begins": ["<e", "<en", "d>"],
        "a token later": ["{}<", "{}"],
        "the same sign": ["<", "<", "<end>"],
    }.items():
        filled = [piece.format(some(rng, ASCII.replace("e", ""), 2)) for piece in pieces]
        tokens = [some(rng, ASCII, 2), *filled, "!", some(rng, ASCII, 2)]
        results[name] = said(lib, [token.encode() for token in tokens], stops=["<end>"])["said"]
    return results


@probe(exercise="stream", points=1)
def the_end(lib, rng):
    """finish sends what is still held: the beginning of a stop string, and half a character as U+FFFD."""
    results, half = {}, "学".encode()[:2]
    ends = {
        "half a character": [b"!", half],
        "half a stop": [b"<en"],
        "both": [b"<en" + half],
        "nothing": [b"!"],
    }
    for name, end in in_random_order(rng, list(ends.items())):
        tokens = [some(rng, ASCII, 3).encode(), *end]
        stream = lib.chat.TextStream(decoder(tokens), ["<end>"])
        # All of it together: when it is sent is asked elsewhere.
        results[name] = "".join(map(str, [*(stream.push(i) for i in range(len(tokens))), stream.finish()]))
    return results
