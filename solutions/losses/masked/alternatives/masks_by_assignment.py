"""Assignments to masks of a copy; losses by torch's own."""


def mask_tokens(tokens, maskable, u, mask_id, vocab_size, share=0.15):
    if not (maskable.shape == tokens.shape == u.shape[1:]):
        raise ValueError("maskable and u must fit the tokens")
    read, labels = tokens.clone(), torch.full_like(tokens, -100)
    chosen = (u[0] < share).logical_and(maskable)
    labels[chosen] = tokens[chosen]
    masked, replaced = chosen & (u[1] < 0.8), chosen & (u[1] >= 0.8) & (u[1] < 0.9)
    read[masked] = mask_id
    read[replaced] = torch.floor(u[2] * vocab_size).to(read.dtype)[replaced]
    return read, labels


def mlm_loss(logits, labels):
    return F.cross_entropy(logits.transpose(1, 2), labels, ignore_index=-100)


def nsp_loss(logits, is_next):
    return -logits.log_softmax(dim=-1)[range(len(is_next)), 1 - is_next.int()].mean()
