"""A loop over the characters, which remembers whether a word goes on."""


def words(text):
    found, inside = [], False
    for character in text:
        is_word = character.isalnum() or character == "_"
        if is_word and inside:
            found[-1] += character
        elif not character.isspace():
            found.append(character)
        inside = is_word
    return found


def characters(text):
    return [text[i] for i in range(len(text))]
