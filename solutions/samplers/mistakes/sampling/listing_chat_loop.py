"""Your loop hands its step a temperature that the step does not take, so the first call fails. The settings
have to be parameters of what uses them."""


def generate_next_token(model, input_sequence):
    probs = model(input_sequence)[0, -1, :]
    return torch.multinomial(torch.softmax(probs, dim=-1), num_samples=1)


def generate(model, tokens, max_new_tokens, *, temperature=1.0, eos=None, **settings):
    for _ in range(max_new_tokens):
        new = generate_next_token(model, tokens, temperature)
        if new.item() == eos:
            break
        tokens = torch.cat([tokens, new[None]], dim=-1)
    return tokens
