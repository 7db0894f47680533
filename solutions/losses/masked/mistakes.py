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
    """You use u[0] again to decide what becomes of a chosen token. It is known to lie below the share there, so it
    is small: u[1] decides.""",
    replace("mask_tokens", "chosen & (u[1] < 0.9)", "chosen & (u[0] < 0.9)"),
    replace("mask_tokens", "chosen & (u[1] < 0.8)", "chosen & (u[0] < 0.8)"),
)

tenth_below_a_tenth = mistake(
    """You take the random tokens where u[1] is below 0.1, but those are among the ones below 0.8 that become
    mask_id. The tenth after them lies from 0.8 to 0.9.""",
    replace("mask_tokens", "read = torch.where(chosen & (u[1] < 0.9), anything, tokens)\n    ", ""),
    replace(
        "mask_tokens",
        "torch.where(chosen & (u[1] < 0.8), mask_id, read)",
        "torch.where(chosen & (u[1] < 0.1), anything, torch.where(chosen & (u[1] < 0.8), mask_id, tokens))",
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
