"""What students get wrong in cosine_with_warmup."""

from check import also, mistake, replace

COSINE = "cosine_with_warmup"
RISE = "peak * (step + 1) / warmup"
PROGRESS = "(step - warmup) / (total - warmup)"
FALL = "floor + (peak - floor) * (1 + math.cos(math.pi * progress)) / 2"
END = "    if step >= total:\n        return floor\n"
GUARDED = "(step - warmup) / max(1, total - warmup)"

starts_at_zero = mistake(
    """Your first rate is 0, so the first batch is computed for nothing. Step 0 has already the first of `warmup` equal
    parts, and the last step of the warm-up has peak.""",
    replace(COSINE, RISE, "peak * step / warmup"),
)
from_zero_to_the_peak = also(starts_at_zero, replace(COSINE, RISE, "peak * step / max(warmup - 1, 1)"))

below_the_peak = mistake(
    """The last step of your warm-up is below peak. It has `warmup` equal parts: step 0 has the first of them, and step
    warmup - 1 is at peak.""",
    replace(COSINE, RISE, "peak * (step + 1) / (warmup + 1)"),
)
first_part_twice = also(below_the_peak, replace(COSINE, RISE, "peak * max(step, 1) / warmup"))

jumps = mistake(
    """Your cosine has run along since step 0, so that the rate is below peak as soon as the warm-up is over. It begins at
    the end of the warm-up, with peak there.""",
    replace(COSINE, PROGRESS, "step / total"),
)

divided_by_total = mistake(
    """Your fall is too slow, and at step total it has not arrived. It has total - warmup steps, not total.""",
    replace(COSINE, PROGRESS, "(step - warmup) / total"),
)

one_step_early = mistake(
    """Your fall arrives one step early: total - 1 is the last step, and has a bit left. Of the way from the end of the
    warm-up to total, which part is done at this step?""",
    replace(COSINE, PROGRESS, "(step - warmup) / max(1, total - 1 - warmup)"),
)
one_step_ahead = also(one_step_early, replace(COSINE, PROGRESS, "(step + 1 - warmup) / (total - warmup)"))

rises_again = mistake(
    """After step total your rate rises again, since a cosine comes back. From there on it is floor, however long the
    run goes on.""",
    replace(COSINE, END, "    if total == warmup:\n        return floor\n"),
)
rises_again_after_the_warmup = also(rises_again, replace(COSINE, END, ""), replace(COSINE, PROGRESS, GUARDED))

floor_forgotten = mistake(
    """Your fall goes to 0. It goes to floor: shrink the cosine to what lies between floor and peak, and lift it by
    floor.""",
    replace(COSINE, FALL, "peak * (1 + math.cos(math.pi * progress)) / 2"),
)
zero_at_the_end = also(
    floor_forgotten,
    replace(COSINE, FALL, "peak * (1 + math.cos(math.pi * progress)) / 2"),
    replace(COSINE, "return floor\n", "return 0.0\n"),
)

floor_added = mistake(
    """You add floor to a cosine that is peak high, so after the warm-up the rate is above peak. Only peak - floor is left
    to fall.""",
    replace(COSINE, FALL, "floor + peak * (1 + math.cos(math.pi * progress)) / 2"),
)

floor_as_a_limit = mistake(
    """You cut the cosine off at floor, so the rate falls too fast and then stands still. It arrives at floor at step
    total only: the cosine spans what lies between floor and peak.""",
    replace(COSINE, FALL, "max(floor, peak * (1 + math.cos(math.pi * progress)) / 2)"),
)

divides_by_zero = mistake(
    """With a warm-up of 0, or of all steps, you divide by 0. Ask for the warm-up and for the end first, each with a
    return of its own: then no step is left that would.""",
    replace(COSINE, f"    if step < warmup:\n        return {RISE}\n{END}    progress = {PROGRESS}\n", ""),
    replace(
        COSINE,
        f"return {FALL}",
        f"progress = min(1.0, {PROGRESS})\n"
        f"    fallen = {FALL}\n"
        f"    return {RISE} if step < warmup else fallen",
    ),
)
only_at_the_end_by_zero = mistake(
    """With a warm-up of all steps you divide by 0 at step total: floor begins at total, not after it, so ask with >=.""",
    replace(COSINE, "if step >= total", "if step > total"),
)
rise_divided_by_zero = also(
    divides_by_zero,
    replace(
        COSINE,
        f"    if step < warmup:\n        return {RISE}\n",
        f"    risen = {RISE}\n    if step < warmup:\n        return risen\n",
    ),
)

table_ends = mistake(
    """You look the rate up in a table that ends with step total - 1. The run may go on: from step total on it is floor,
    so ask for that first.""",
    replace(COSINE, END, ""),
    replace(COSINE, PROGRESS, "(torch.arange(total)[step].item() - warmup) / (total - warmup)"),
)

peak_at_the_end = mistake(
    """After a warm-up of all steps your rate is peak once more. A divisor of at least 1 prevents the error, but step total
    has floor already: ask for the end before you divide.""",
    replace(COSINE, END, ""),
    replace(COSINE, PROGRESS, f"min(1.0, {GUARDED})"),
)

other_part_of_the_period = mistake(
    """Your cosine runs through another part of its period: down and up again, or only down to 0. Half a period, from
    cos 0 to cos π, leads from 1 to -1.""",
    replace(COSINE, "math.cos(math.pi * progress)", "math.cos(2 * math.pi * progress)"),
)
quarter_of_a_period = also(
    other_part_of_the_period,
    replace(COSINE, "(1 + math.cos(math.pi * progress)) / 2", "math.cos(math.pi / 2 * progress)"),
)
