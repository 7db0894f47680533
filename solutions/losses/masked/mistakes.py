"""What students get wrong in mask_tokens, mlm_loss and nsp_loss."""

from check import also, mistake, replace

LABELS = "labels = tokens.masked_fill(~chosen, IGNORED)"

all_become_mask = mistake(
    """Every chosen token becomes mask_id. Of the chosen, u[1] from 0.8 on does something else: up to 0.9 a random
    token, from there on nothing.""",
    replace(
        "mask_tokens",
        "torch.where(chosen & (u[1] < 0.8), mask_id, read)",
        "torch.where(chosen, mask_id, read)",
    ),
)

kept_not_asked = mistake(
    """The chosen tokens that stay as they are have no label in your version. They are predicted too: the model cannot
    tell them from the others, and so has to doubt what it reads.""",
    replace("mask_tokens", LABELS, "labels = tokens.masked_fill(~chosen | (u[1] >= 0.9), IGNORED)"),
)

specials_masked = mistake(
    """You choose among all positions. Padding and special tokens have maskable False, and are never chosen.""",
    replace("mask_tokens", "chosen = maskable & (u[0] < share)", "chosen = u[0] < share"),
)

labels_everywhere = mistake(
    """Your labels hold every token, so the model is paid for copying what it sees. Where nothing was chosen the
    label is -100.""",
    replace("mask_tokens", LABELS, "labels = tokens.clone()"),
)

labels_after = mistake(
    """You take the labels from what the model reads, so it is asked for mask_id where it sees mask_id. Labels are
    the tokens as they were before.""",
    replace("mask_tokens", f"    {LABELS}\n", ""),
    replace("mask_tokens", "return read, labels", "return read, read.masked_fill(~chosen, IGNORED)"),
)

changed_in_place = mistake(
    """You write into the caller's tokens, which are the text itself: next time there are fewer words in it. Work on a
    copy, or with functions that make a new tensor.""",
    replace("mask_tokens", "return read, labels", "return tokens.copy_(read), labels"),
)

one_draw_for_both = mistake(
    """You use u[0] again to decide what becomes of a chosen token. u[1] decides that, as it is: it knows nothing of who
    is chosen.""",
    replace("mask_tokens", "chosen & (u[1] < 0.9)", "chosen & (u[0] / share < 0.9)"),
    replace("mask_tokens", "chosen & (u[1] < 0.8)", "chosen & (u[0] / share < 0.8)"),
)

numbers_of_your_own = mistake(
    """You draw random numbers of your own. All that is random is in u, so that the same u gives the same holes: u[0] chooses,
    u[1] says what becomes of a token, and the random token is floor(u[2] · V).""",
    replace("mask_tokens", "(u[2].double() * vocab_size).long()", "torch.randint(vocab_size, tokens.shape)"),
)
all_numbers_of_your_own = also(
    numbers_of_your_own,
    replace("mask_tokens", "chosen = maskable", "u = torch.rand(u.shape)\n    chosen = maskable"),
)

random_over_mask = mistake(
    """Your random tokens overwrite mask_id: u[1] < 0.9 is true below 0.8 as well. Random are the tokens from 0.8 to below
    0.9.""",
    replace(
        "mask_tokens",
        "torch.where(chosen & (u[1] < 0.8), mask_id, read)",
        "torch.where(chosen & (u[1] < 0.9), anything, read)",
    ),
)

share_included = mistake(
    """You choose a token also where u[0] equals the share. u lies from 0 to just below 1, so share = 0 must choose
    nothing: compare with <.""",
    replace("mask_tokens", "maskable & (u[0] < share)", "maskable & (u[0] <= share)"),
)

mlm_shifted = mistake(
    """You shift the labels of masked words. They are predicted where they stand: what is asked for there is not what
    is read there.""",
    replace("mlm_loss", "cross_entropy(logits, labels)", "cross_entropy(logits[:, :-1], labels[:, 1:])"),
)

mlm_ignores_0 = mistake(
    """You leave out label 0 and not -100. What is not asked has the label -100, which is no class, and 0 is a token like
    others.""",
    replace(
        "mlm_loss",
        "cross_entropy(logits, labels)",
        "F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=0)",
    ),
)

nsp_boolean = mistake(
    """Your targets are boolean, but a target is the number of a class, int64. Column 0 says "is next", so the target is 0
    where is_next is True.""",
    replace("nsp_loss", "cross_entropy(logits, (~is_next).long())", "F.cross_entropy(logits, is_next)"),
)

nsp_turned = mistake(
    """You take column 1 for "is next". As in BERT's own code it is column 0, so the target is 0 where is_next is
    True.""",
    replace("nsp_loss", "(~is_next).long()", "is_next.long()"),
)

labels_of_0 = mistake(
    """Your label is another number than -100 where nothing was chosen. That would be a token, or none that the loss knows
    to leave out.""",
    replace("mask_tokens", LABELS, "labels = tokens.masked_fill(~chosen, 0)"),
)
labels_of_minus_1 = also(
    labels_of_0, replace("mask_tokens", LABELS, "labels = tokens.masked_fill(~chosen, -1)")
)
