"""What the chapter on pretraining trains and with which seeds, in the order in which it is trained."""

from book.cells.pretraining_runs import CONTEXT, Setting

STOPS = [0, 10, 25, 50, 100, 150, 200, 300, 500, 1000, 2000, 3000]
STOPS_ZH = [0, 10, 25, 50, 100, 150, 200, 300, 500]
SHORT = [100, 200]
GPTS = {
    "English tiny": Setting(language="English", steps=10, lr=4e-3, look=[10], batch=4),
    "English live": Setting(language="English", steps=200, lr=4e-3, look=SHORT),
    "English learned positions": Setting(language="English", steps=200, lr=4e-3, look=SHORT, rotary=False),
    "English long": Setting(language="English", steps=3000, lr=4e-3, look=STOPS),
    "Chinese short": Setting(language="Chinese", steps=60, lr=1e-2, look=[60], tied=False),
    "Chinese long": Setting(language="Chinese", steps=500, lr=6e-3, look=STOPS_ZH, tied=False),
}
LONG = [0, 50, 100, 200, 300, 500, 750, 1000, 1500]
BERTS = {
    "English tiny": Setting(language="English", steps=10, lr=3e-3, look=[10], batch=4),
    "English live": Setting(language="English", steps=200, lr=3e-3, look=SHORT),
    "English learned positions": Setting(language="English", steps=200, lr=3e-3, look=SHORT, rotary=False),
    "English, 30 % hidden": Setting(language="English", steps=200, lr=3e-3, look=SHORT, share=0.3),
    "English long": Setting(language="English", steps=1500, lr=3e-3, look=LONG),
    "Chinese short": Setting(language="Chinese", steps=200, lr=3e-3, look=SHORT),
    "Chinese long": Setting(language="Chinese", steps=750, lr=3e-3, look=LONG[:-2]),
}
SIZES = {
    5e10: [128, 64, 32, 16],
    2e11: [128, 64, 32, 16],
    8e11: [128, 64, 32],
}  # 6 · parameters · tokens: widths
ROUNDS = [  # kind, setting, seeds, in the order in which they are trained
    ("gpt", "English tiny", [1]),
    ("gpt", "English long", [1]),
    ("bert", "English tiny", [1]),
    ("bert", "English long", [1]),
    ("gpt", "English live", [1, 2, 3]),
    ("bert", "English live", [1, 2, 3]),
    ("gpt", "Chinese long", [1]),
    ("bert", "Chinese long", [1]),
    ("bert", "English learned positions", [1, 2, 3]),
    ("gpt", "English learned positions", [1, 2, 3]),
    ("gpt", "Chinese short", range(1, 6)),
    ("sizes", "5e+10", [1]),
    ("sizes", "2e+11", [1]),
    ("gpt", "English live", range(4, 11)),
    ("bert", "English live", range(4, 11)),
    ("bert", "English, 30 % hidden", [1, 2, 3]),
    ("sizes", "8e+11", [1]),
    ("gpt", "English live", range(11, 21)),
    ("bert", "English live", range(11, 21)),
    ("gpt", "Chinese short", range(6, 21)),
    ("bert", "Chinese short", range(1, 21)),
]


def size(width: int, budget: float) -> Setting:
    """Return the setting of a width that spends a budget; the rate falls with the root of the width, from 64 on."""
    parameters = 81 * width + 2 * (12 * width**2 + 2 * width) + width
    steps = round(budget / (6 * parameters * 16 * CONTEXT))
    return Setting(
        language="English",
        steps=steps,
        lr=round(4e-3 * min(1.0, (64 / width) ** 0.5), 5),
        look=[steps],
        d_model=width,
    )
