"""The rate by torch's LambdaLR, the micro-batches from one counter, and what _note does in another order."""


def train(model, data, config, on_step=None, *, held_out=None, optimizer=None, resume=None):
    check_held_out(held_out, config.eval_every > 0)
    run = Run(model, config, optimizer, on_step)
    begin = run.start(resume)
    for group in run.optimizer.param_groups:
        group["initial_lr"] = 1.0
    schedule = torch.optim.lr_scheduler.LambdaLR(
        run.optimizer,
        lambda s: cosine_with_warmup(
            s, peak=config.lr, warmup=config.warmup, total=config.steps, floor=config.lr / 10
        ),
        last_epoch=begin - 1,
    )
    number = begin * config.accumulate
    for step in range(begin, config.steps):
        pieces = []
        while len(pieces) < config.accumulate:
            pieces.append(data(number))
            number += 1
        now = run.optimizer.param_groups[0]["lr"]
        outcome = train_step(run.forward, pieces, run.optimizer, config.clip, config.precision, run.scaler)
        run.reports.add(step, outcome, now, count_targets(pieces))
        if config.evaluates_after(step):
            _note(run, evaluate(run.forward, held_out, config.precision))
        run.end_step(step)
        schedule.step()
        if run.history.stopped:
            break
    run.reports.finish()
    if run.history.best_weights is not None:
        with torch.no_grad():
            for name, weight in model.state_dict().items():
                weight.copy_(run.history.best_weights[name])
    return run.history


def _note(run, held_out):
    run.reports.held_out(held_out)
    history, allowed = run.history, run.config.patience
    if not held_out < history.best:
        history.bad = history.bad + 1
        history.stopped = allowed is not None and not history.bad < allowed
        return
    history.bad, history.best, history.best_step = 0, held_out, run.reports.unsent[-1].step
    if allowed is not None:
        state = run.model.state_dict()
        history.best_weights = {name: torch.empty_like(w).copy_(w) for name, w in state.items()}
