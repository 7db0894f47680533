"""What students get wrong in words and characters."""

from check import also, mistake, replace

WORDS = r'return re.findall(r"\w+|[^\w\s]", text)'

split_at_spaces = mistake(
    """Signs stick to the words, so that "yes," and "yes" are two. To cut at white space is not enough, nor to cut at the signs
    of a list: every character that is neither \\w nor white space stands by itself, ， and 🍕 too.""",
    replace("words", WORDS, "return text.split()"),
)
listed_signs = also(
    split_at_spaces,
    replace("words", WORDS, r"""return "".join(f" {c} " if c in ".,!?;:'()" else c for c in text).split()"""),
)

punctuation_alone = also(
    split_at_spaces,
    replace(
        "words",
        WORDS,
        "import unicodedata\n\n    alone = [c for c in set(text) - {'_'} if unicodedata.category(c)[0] == 'P']\n"
        "    return ''.join(f' {c} ' if c in alone else c for c in text).split()",
    ),
)

signs_lost = mistake(
    """The signs are gone. Whatever is neither \\w nor white space is a word of one character.""",
    replace("words", WORDS, r'return re.findall(r"\w+", text)'),
)

signs_deleted = also(signs_lost, replace("words", WORDS, r'return re.sub(r"[^\w\s]", "", text).split()'))

apostrophes_within = mistake(
    """You keep words with an apostrophe together. ' is no \\w, so don't is three: don, ' and t.""",
    replace("words", WORDS, r"""return re.findall(r"[\w']+|[^\w\s]", text)"""),
)

points_within = mistake(
    """You keep a number with its point together. A point is no \\w, so 3.5 is three words.""",
    replace("words", WORDS, r'return re.findall(r"\d+\.\d+|\w+|[^\w\s]", text)'),
)

sign_and_rest = mistake(
    r"""A sign takes along all that follows up to the next space, as in \S+. Take one character: \S or [^\w\s].""",
    replace("words", WORDS, r'return re.findall(r"\w+|\S+", text)'),
)

signs_together = mistake(
    """You take several signs in a row for one. "?!" is two words: what is not \\w stands by itself, each of it.""",
    replace("words", WORDS, r'return re.findall(r"\w+|[^\w\s]+", text)'),
)

spaces_are_words = mistake(
    """White space is among your words. It separates words and is none itself.""",
    replace("words", WORDS, r'return re.findall(r"\w+|\W", text)'),
)

spaces_between_signs = also(
    spaces_are_words, replace("words", WORDS, r'''return re.split(r"""([,.:;?_!"()']|--|\s)""", text)''')
)

letters_alone = mistake(
    """You cut words at digits or at _. Both are \\w: x2 and snake_case are one word each.""",
    replace("words", WORDS, r'return re.findall(r"[^\W\d_]+|\S", text)'),
)
numbers_apart = also(letters_alone, replace("words", WORDS, r'return re.findall(r"[^\W\d_]+|\d+|\S", text)'))
underscores_apart = also(letters_alone, replace("words", WORDS, r'return re.findall(r"[^\W_]+|\S", text)'))

capitals_lost = mistake(
    """You write all in small letters. A word stays as it stands in the text, capitals too.""",
    replace("words", WORDS, r'return re.findall(r"\w+|[^\w\s]", text.lower())'),
)

groups_found = mistake(
    """With groups in its pattern findall returns what the groups hold: tuples where there are several. Leave the round
    brackets out, or begin them with ?:.""",
    replace("words", WORDS, r'return re.findall(r"(\w+)|([^\w\s])", text)'),
)

chinese_apart = mistake(
    """You take each Chinese character for a word. They are \\w like other letters, so a run of them is one word.""",
    replace("words", WORDS, r'return re.findall(r"[\u4e00-\u9fff]|\w+|[^\w\s]", text)'),
)

latin_alone = mistake(
    """Your letters are those of English alone. \\w knows the letters of every script: é, я and 识 are letters like a.""",
    replace("words", WORDS, r'return re.findall(r"\w+|[^\w\s]", text, re.ASCII)'),
)
others_lost = also(latin_alone, replace("words", WORDS, r'return re.findall(r"[A-Za-z0-9_]+|[^\w\s]", text)'))

spaces_dropped = mistake(
    """White space is missing from your characters, or some of it. Put together they are the text, so that nothing is lost.""",
    replace("characters", "list(text)", "[character for character in text if not character.isspace()]"),
)
joined_again = also(spaces_dropped, replace("characters", "list(text)", 'list("".join(text.split()))'))

blanks_dropped = also(spaces_dropped, replace("characters", "list(text)", 'list(text.replace(" ", ""))'))
line_ends_dropped = also(spaces_dropped, replace("characters", "list(text)", 're.findall(".", text)'))

each_once = mistake(
    """You return which characters there are, each of them once. All of them are asked for, in the order of the text.""",
    replace("characters", "list(text)", "sorted(set(text))"),
)

bytes_for_characters = mistake(
    """You go through the bytes of the text. A character is a code point, whether UTF-8 needs one byte for it or four.""",
    replace("characters", "list(text)", "list(text.encode())"),
)
