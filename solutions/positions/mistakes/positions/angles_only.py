"""You return the angles themselves, so column 0 is just the position. Take the sine in even columns, the
cosine in odd ones: no number of the table is larger than 1."""

import numpy as np


def sinusoidal(T, D, base=10000.0, offset=0):
    i = np.arange(D)[None, :]
    angle_rates = 1 / np.power(base, (2 * (i // 2)) / np.float32(D))
    return torch.from_numpy(np.arange(offset, offset + T)[:, None] * angle_rates).float()
