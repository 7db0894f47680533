"""You go through text at every step: the drawn token is turned into characters by itself, appended to a
string, and the string is turned into tokens again. A token is often part of a character, and is lost on the
way. You also read one row only, use no setting, record gradients and drop the end. Keep the tokens in a
tensor and append to it."""


def generate(model, tokens, max_new_tokens, **settings):
    # The smallest byte-level tokenizer there is: a token is a byte.
    def encode(text):
        return list(text.encode())

    def decode(byte):
        return bytes([byte]).decode("utf8", "replace")

    text = bytes(tokens[0].tolist()).decode("utf8", "replace")
    for _ in range(max_new_tokens):
        next_token_probs = model(torch.tensor([encode(text)]))[0, -1, :]
        token = decode(torch.multinomial(torch.softmax(next_token_probs, dim=-1), num_samples=1).item())
        if settings.get("eos") is not None and token == decode(settings["eos"]):
            break
        text += token
    return torch.tensor([encode(text)])
