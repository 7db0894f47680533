"""logaddexp for two candidates; logsumexp less the diagonal for many."""


def bce_with_logits(logits, targets):
    if logits.shape != targets.shape or not (targets.min() >= 0 and targets.max() <= 1):
        raise ValueError("targets must be probabilities, one a logit")
    z, y = logits.float(), targets.float()
    return (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean()


def info_nce(queries, keys, temperature=0.07):
    if queries.shape != keys.shape or temperature <= 0 or math.isnan(temperature):
        raise ValueError("shapes or temperature")
    scores = F.normalize(queries, dim=1).matmul(F.normalize(keys, dim=1).mT).div(temperature)
    right = scores.diagonal()
    return ((scores.logsumexp(1) - right).mean() + (scores.logsumexp(0) - right).mean()) / 2
