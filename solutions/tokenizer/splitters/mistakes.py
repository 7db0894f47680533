"""What students get wrong in words and characters."""

from check import also, mistake, replace

WORDS = r'return re.findall(r"\w+|[^\w\s]", text)'

split_at_spaces = mistake(
    """You cut at white space alone, so signs stick to the words: "yes," and "yes" are two words then. Each sign stands by
    itself.""",
    replace("words", WORDS, "return text.split()"),
)

signs_lost = mistake(
    """Your words are right, but the signs between them are gone. Whatever is neither \\w nor white space is a word of one
    character.""",
    replace("words", WORDS, r'return re.findall(r"\w+", text)'),
)

signs_together = mistake(
    """You take several signs in a row for one. "?!" is two words: what is not \\w stands by itself, each of it.""",
    replace("words", WORDS, r'return re.findall(r"\w+|[^\w\s]+", text)'),
)

spaces_are_words = mistake(
    """White space is among your words. It separates words and is none itself.""",
    replace("words", WORDS, r'return re.findall(r"\w+|\W", text)'),
)

letters_alone = mistake(
    """You cut words at digits or at _. Both are \\w: x2 and snake_case are one word each.""",
    replace("words", WORDS, r'return re.findall(r"[^\W\d_]+|\S", text)'),
)
numbers_apart = also(letters_alone, replace("words", WORDS, r'return re.findall(r"[^\W\d_]+|\d+|\S", text)'))
underscores_apart = also(letters_alone, replace("words", WORDS, r'return re.findall(r"[^\W_]+|\S", text)'))

latin_alone = mistake(
    """Your letters are those of English alone. \\w knows the letters of every script: é, я and 识 are letters like a.""",
    replace("words", WORDS, r'return re.findall(r"\w+|[^\w\s]", text, re.ASCII)'),
)
others_lost = also(latin_alone, replace("words", WORDS, r'return re.findall(r"[A-Za-z0-9_]+|[^\w\s]", text)'))

spaces_dropped = mistake(
    """White space is missing from your characters. Put together they are the text, so that nothing is lost.""",
    replace("characters", "list(text)", "[character for character in text if not character.isspace()]"),
)
joined_again = also(spaces_dropped, replace("characters", "list(text)", 'list("".join(text.split()))'))

bytes_for_characters = mistake(
    """You go through the bytes of the text. A character is a code point, whether UTF-8 needs one byte for it or four.""",
    replace("characters", "list(text)", "[chr(byte) for byte in text.encode()]"),
)
