"""You use `i`, which is neither an argument nor defined before: it should run over the columns. And what
you would return then are angles; the sines and cosines have still to be taken."""

import numpy as np


def positional_encoding(position, d_model):
    angle_rates = 1 / np.power(10000, (2 * (i // 2)) / np.float32(d_model))
    return position * angle_rates


def sinusoidal(T, D, base=10000.0, offset=0):
    return torch.as_tensor(positional_encoding(np.arange(offset, offset + T)[:, None], D))
