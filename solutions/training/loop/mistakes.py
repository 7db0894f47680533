"""What students get wrong in train and _note."""

from check import mistake, replace

SCHEDULED = """        for group in run.optimizer.param_groups:
            group["lr"] = rate
"""
ADD = "        run.reports.add("
KEPT = "{k: v.detach().clone() for k, v in run.model.state_dict().items()}"
BETTER = "history.best, history.best_step, history.bad = held_out, run.reports.unsent[-1].step, 0"

rate_after_step = mistake(
    """You set the rate after the step, so that each step has the rate of the one before, and the first whatever the
    optimiser began with. Set it before train_step.""",
    replace("train", SCHEDULED, ""),
    replace("train", ADD, SCHEDULED + ADD),
)

no_schedule = mistake(
    """All your steps have the rate with which the optimiser began. Ask cosine_with_warmup for the rate of each step, and put
    it into the optimiser's groups.""",
    replace("train", SCHEDULED, ""),
)

floor_forgotten = mistake(
    """Your rate falls to 0. The schedule of train has a floor, a tenth of config.lr: hand it on as floor.""",
    replace("train", ", floor=config.lr / 10", ""),
)

batches_by_step_only = mistake(
    """With accumulation some micro-batches come more than once and others never. Each has its own number: micro-batch k
    of step s is data(s · accumulate + k).""",
    replace("train", "data(step * config.accumulate + k)", "data(step)"),
)

last_step_not_evaluated = mistake(
    """You evaluate every eval_every steps alone. The last step is evaluated too, also where eval_every does not divide the
    number of steps: config.evaluates_after(step) knows.""",
    replace(
        "train",
        "if config.evaluates_after(step):",
        "if config.eval_every and (step + 1) % config.eval_every == 0:",
    ),
)

evaluates_before = mistake(
    """You evaluate after step 0 and every eval_every steps from there. Count the steps that are done: after eval_every
    of them, after twice as many, and after the last. config.evaluates_after(step) knows.""",
    replace(
        "train", "if config.evaluates_after(step):", "if config.eval_every and step % config.eval_every == 0:"
    ),
)

ties_count_as_better = mistake(
    """You take an equal loss for a better one. Then a run that stands still is never stopped, and the best weights are
    later ones than need be: only a lower loss is better.""",
    replace("_note", "held_out < history.best", "held_out <= history.best"),
)

compared_with_the_last = mistake(
    """You compare each evaluation with the one before. A loss that rises once and then falls a little every time would count as
    better, though it never comes back to the best: compare with the best, and keep that.""",
    replace("_note", "    history.stopped =", "    history.best = held_out\n    history.stopped ="),
)

patience_never_reset = mistake(
    """You count all evaluations that were no better, but patience is about those in a row: a better one sets the count
    to 0.""",
    replace("_note", BETTER, BETTER.replace(", history.bad =", " =").replace(", 0", "")),
    replace("_note", "history.bad += 1", "history.bad += held_out >= history.best"),
)

one_too_patient = mistake(
    """You stop one evaluation too late. patience is how many in a row may be no better; with that many it has run
    out.""",
    replace("_note", "history.bad >= patience", "history.bad > patience"),
)

never_stopped = mistake(
    """Nothing stops your run. Count the evaluations in a row that were no better than the best, and set history.stopped when
    there are as many as patience says.""",
    replace("_note", "history.bad >= patience", "False"),
)

last_weights_kept = mistake(
    """The model ends with its last weights. Those of the best evaluation are kept for this: load them when the run is
    over.""",
    replace("train", "model.load_state_dict(run.history.best_weights)", "pass"),
)

best_aliased = mistake(
    """What you keep as the best weights are the live ones: state_dict does not copy, so they go on changing, and in the
    end they are the last. Clone every tensor.""",
    replace("_note", KEPT, "run.model.state_dict()"),
)

nan_passed_over = mistake(
    """Where the loss is inf or NaN your loop goes on with the next batch and says nothing. A run that has come to that
    needs a human: report the step, and reports.add raises the error.""",
    replace("train", ADD, f"        if bool(result.skipped):\n            continue\n{ADD}"),
)

resumed_at_the_start = mistake(
    """The state comes back, but the loop begins with step 0: batches are read a second time, and the rate rises again.
    run.start(resume) returns the step to begin with.""",
    replace("train", "range(run.start(resume), config.steps)", "range(0 * run.start(resume), config.steps)"),
)

batches_read_again = mistake(
    """The loop goes on with the right step, but your batches are counted from where this call began, so that a resumed run reads
    the first ones a second time. Micro-batch k of step s is data(s · accumulate + k), also then.""",
    replace(
        "train",
        "for step in range(run.start(resume), config.steps):",
        "first = run.start(resume)\n    for step in range(first, config.steps):",
    ),
    replace("train", "data(step * config.accumulate + k)", "data((step - first) * config.accumulate + k)"),
)
