"""numpy, an outer product, and a cosine that is a sine a quarter turn later."""

import numpy as np


def sinusoidal(T, D, base=10000.0, offset=0):
    columns = np.arange(D)
    frequencies = np.exp(-np.log(base) * (columns // 2 * 2) / D)
    angles = np.outer(np.arange(offset, offset + T), frequencies) + np.pi / 2 * (columns % 2)
    return torch.from_numpy(np.sin(angles)).to(torch.float32)
