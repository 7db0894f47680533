"""A loop that keeps its own books: records, patience, best weights and checkpoints."""


def train(model, data, config, on_step=None, *, held_out=None, optimizer=None, resume=None):
    import copy
    import math

    from lib.checkpoint import capture, load, restore, save

    check_held_out(held_out, config.eval_every > 0)
    optimizer = optimizer or Run(model, config).optimizer
    history, step = History("cpu", config.precision), 0
    if resume is not None:
        state = load(resume) if isinstance(resume, str) else resume
        step = restore(state, model, optimizer)
        history.best, history.best_step, history.bad = state["best"], state["best_step"], state["bad"]
        history.best_weights = state["weights"] or None
    while step < config.steps and not history.stopped:
        lr = cosine_with_warmup(
            step, peak=config.lr, warmup=config.warmup, total=config.steps, floor=0.1 * config.lr
        )
        for group in optimizer.param_groups:
            group.update(lr=lr)
        first = step * config.accumulate
        chosen = [data(i) for i in range(first, first + config.accumulate)]
        result = train_step(model, chosen, optimizer, config.clip, config.precision)
        if not math.isfinite(result.loss):
            raise FloatingPointError(f"loss {float(result.loss)}, step {step}, lr {lr}")
        found = evaluate(model, held_out) if config.evaluates_after(step) else None
        if found is not None:
            better = found < history.best
            history.bad = 0 if better else history.bad + 1
            if better:
                history.best, history.best_step = found, step
                history.best_weights = copy.deepcopy(model.state_dict())
            history.stopped = config.patience is not None and history.bad >= config.patience
        tokens = sum(int((y != -100).sum()) for _, y in chosen)
        record = Record(step, float(result.loss), float(result.norm), lr, tokens, found)
        history.records.append(record)
        step += 1
        if config.saves_after(step - 1):
            books = {"best": history.best, "best_step": history.best_step, "bad": history.bad}
            state = capture(model, optimizer, step, weights=dict(history.best_weights or {}), **books)
            save(state, config.checkpoint)
        if on_step:
            on_step(record)
    if config.patience and history.best_weights:
        model.load_state_dict(history.best_weights)
    return history
