"""Right work in an unusual form: modules and notebooks that honest students hand in."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support.course_copy import NAME, ROOT

RIGHT = (ROOT / "lib" / f"{NAME}.py").read_text("utf8")
ANSWER = "An answer with ünïcode, `code` and $x^2$."


def before(text: str) -> str:
    """Return the right module with these lines at its top."""
    return f"{text}\n{RIGHT}"


def after(text: str) -> str:
    """Return the right module with these lines at its end."""
    return f"{RIGHT}\n\n{text}\n"


def wrapped(body: str, name: str = "attend") -> str:
    """Return the right module with one function in a shell, whose body calls it as `right`."""
    return after(f"right = {name}\ndef {name}(*args, **kwargs):\n    " + body.replace("\n", "\n    "))


MODULES: dict[str, str | bytes] = {
    "warns": wrapped("import warnings\nwarnings.warn('deprecated, I think')\nreturn right(*args, **kwargs)"),
    "prints": wrapped(
        "import sys\nprint(args)\nprint('debug', file=sys.stderr)\nreturn right(*args, **kwargs)"
    ),
    "logs": after("import logging\nlogging.basicConfig(level='DEBUG')\nlogging.getLogger().error('hello')"),
    "progress-bar": wrapped(
        "from tqdm import tqdm\nfor _ in tqdm(range(9)):\n    out = right(*args, **kwargs)\nreturn out"
    ),
    "bar-on-import": before("from tqdm import trange\nfor _ in trange(3): pass"),
    "helpers": after("class Helper:\n    pass\n\ndef helper(x):\n    return x + 1\n\nx = [helper(1), Helper()]"),
    "other-names": RIGHT.replace("scores_BHTS", "punkte").replace("weights_BHTS", "gewichte_é"),
    "tabs": RIGHT.replace("    ", "\t"),
    "float64-inside": wrapped(
        "wide = [x.double() if x is not None and x.is_floating_point() else x for x in args]\n"
        "return right(*wide, **kwargs).to(args[0].dtype)"
    ),
    "not-contiguous": wrapped("return right(*args, **kwargs).mT.contiguous().mT"),
    "expanded": wrapped("return right(*args, **kwargs).expand(-1, -1, -1, -1)", "padding_mask"),
    "parameter": wrapped("out = right(*args, **kwargs)\nreturn out if out.requires_grad else nn.Parameter(out)"),
    "draws-more": wrapped("torch.rand(99)\nimport random\nrandom.random()\nreturn right(*args, **kwargs)"),
    "seeds-on-import": before("import torch, random, numpy\ntorch.manual_seed(0)\nrandom.seed(0)\nnumpy.random.seed(0)"),
    "default-dtype": before("import torch\ntorch.set_default_dtype(torch.float64)"),
    "threads": before("import torch\ntorch.set_num_threads(4)"),
    "anomaly": before("import torch\ntorch.autograd.set_detect_anomaly(True)"),
    "no-warnings": before("import warnings\nwarnings.simplefilter('error')"),
    "slow": wrapped("import time\ntime.sleep(0.1)\nreturn right(*args, **kwargs)"),
    "lambda": after("right = causal_mask\ncausal_mask = lambda T, S=None: right(T, S)"),
    "decorated": after(
        "import functools\ndef loud(f):\n    @functools.wraps(f)\n    def call(*a, **k):\n        return f(*a, **k)\n"
        "    return call\nattend = loud(attend)\npadding_mask = functools.lru_cache(padding_mask)"
    ),
    "dataclass": before(
        "from __future__ import annotations\nfrom dataclasses import dataclass\n\n@dataclass\nclass Sizes:\n    T: int"
    ),
    "dataclass-within": wrapped(
        "from dataclasses import dataclass\n@dataclass\nclass Call:\n    q: 'torch.Tensor'\n"
        "return right(Call(args[0]).q, *args[1:], **kwargs)"
    ),
    "star-imports": before("from torch import *\nfrom torch.nn.functional import *\nfrom builtins import *"),
    "type-comments": RIGHT.replace("-> Tensor:", "->Tensor:  # type: ignore", 1),
    "no-annotations": after("def causal_mask(T, S=None):  # type: (int, int) -> Tensor\n    S = S or T\n    return torch.arange(S) <= torch.arange(S - T, S)[:, None] if S >= T else _no()\n\ndef _no():\n    raise ValueError"),
    "imports-itself": wrapped("from lib.attention import attend as mine\nreturn right(*args, **kwargs)"),
    "main-block": after("if __name__ == '__main__':\n    raise SystemExit(causal_mask(3))"),
    "doctest-at-the-end": after("import doctest\ndoctest.testmod()"),
    "windows-lines": RIGHT.replace("\n", "\r\n"),
    "old-mac-lines": RIGHT.replace("\n", "\r"),
    "byte-order-mark": "\ufeff" + RIGHT,
    "latin-1": before("# -*- coding: latin-1 -*-\n# Grüße").encode("latin-1", "replace"),
    "no-last-line-end": RIGHT.rstrip("\n"),
    "own-kind-of-error": before("class SizeError(ValueError):\n    pass").replace(
        "raise ValueError(", "raise SizeError("
    ),
    "error-of-two-kinds": before("class SizeError(KeyError, ValueError):\n    pass").replace(
        "raise ValueError(", "raise SizeError("
    ),
    "log-files": before(
        "import logging\nfrom pathlib import Path\nlogging.basicConfig(filename='attention.log')\n"
        "for name in ('a.txt', 'lib/b.txt', '/tmp/c.txt', Path(__file__).with_suffix('.log'), Path.home() / 'd.txt'):\n"
        "    Path(name).write_text('begun')"
    ),
    "notebook-names": before(
        "get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('pip install einops')\ndisplay(1)\n"
        "from IPython.display import HTML, clear_output\nimport IPython.display as shows\nshows.display(HTML('x'))\n"
        "from IPython import get_ipython\nif get_ipython():\n    get_ipython().config.x = 1"
    ),
    "notebook-bar": before("from tqdm.notebook import tqdm\nfrom tqdm.auto import trange\nfor _ in trange(3): pass"),
    "einops": wrapped(
        "from einops import rearrange, reduce\nq, *rest = args\nq = rearrange(q, 'b h t k -> b t h k')\n"
        "return right(rearrange(q, 'b t h k -> b h t k'), *rest, **kwargs)"
    ),
    "jaxtyping": before("from beartype import beartype\nfrom jaxtyping import Float, jaxtyped\nimport einops.layers.torch"),
    "pyplot": before("import matplotlib.pyplot as plt\nplt.figure()\nplt.plot([1, 2])\nplt.savefig('curve.png')"),
    "heavy-imports": before("import networkx\nimport sympy\nfrom PIL import Image, ImageDraw"),
    "optional-imports": before(
        "try:\n    import flash_attn\nexcept ImportError:\n    flash_attn = None\n"
        "try:\n    from transformers import AutoModel\nexcept ModuleNotFoundError:\n    AutoModel = None"
    ),
    "table-on-import": before("table = list(range(1000, 51000))\nnames = {i: str(i) for i in range(9000)}"),
    "torch-compile": after("attend = torch.compile(attend)\nattend_in_blocks = torch.compile(attend_in_blocks, dynamic=True)"),
    "torch-compiles": RIGHT.replace("def attend_in_blocks(", "@torch.compile(fullgraph=True)\ndef attend_in_blocks("),
    "torch-compiles-not": RIGHT.replace("def attend_in_blocks(", "@torch.compiler.disable\ndef attend_in_blocks("),
    "module-compiled": after(
        "right = MultiHeadAttention.__init__\ndef compiled(self, *args, **kwargs):\n    right(self, *args, **kwargs)\n"
        "    self.compile()\nMultiHeadAttention.__init__ = compiled"
    ),
    "vmap": wrapped("torch.vmap(lambda row: row + 1)(args[0])\nreturn right(*args, **kwargs)", "attend_in_blocks"),
    "default-device": before("import torch\ntorch.set_default_device('cuda' if torch.cuda.is_available() else 'cpu')"),
    "pool-of-threads": wrapped(
        "import time\nfrom concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(16) as pool:\n"
        "    list(pool.map(time.sleep, [0.01] * 16))\nreturn right(*args, **kwargs)", "causal_mask"
    ),
    "names-of-site": after("help, quit, exit, license"),
    "relative-import": RIGHT.replace("from lib.shapes", "from .shapes"),
    "compiled": after("import copy, inspect\ncopy.deepcopy(MultiHeadAttention(4, 2))\ninspect.getsource(attend)"),
}  # fmt: skip


def cells_of(notebook: dict, wanted: bool) -> list[dict]:
    """Return the cells that are written answers, or all the others."""
    return [
        cell
        for cell in notebook["cells"]
        if bool(cell["metadata"].get("nbgrader", {}).get("solution")) == wanted
    ]


def extra(notebook: dict) -> None:
    notebook["cells"].insert(3, {"cell_type": "markdown", "metadata": {}, "source": "My notes."})
    code = {"cell_type": "code", "metadata": {}, "source": ["1 / 0"], "outputs": [], "execution_count": 9}
    notebook["cells"].append(code)


def older(notebook: dict) -> None:
    notebook.update(
        nbformat=3, nbformat_minor=0, worksheets=[{"cells": notebook.pop("cells"), "metadata": {}}]
    )


def copied(notebook: dict) -> None:
    released = [{**cell, "source": "YOUR ANSWER HERE"} for cell in cells_of(notebook, True)]
    notebook["cells"] += released


NOTEBOOKS: dict[str, Callable[[dict], None]] = {
    "extra-cells": extra,
    "reordered-cells": lambda notebook: notebook["cells"].reverse(),
    "copied-cells": copied,
    "old-notebook": older,
    "only-answers": lambda notebook: notebook.update(cells=cells_of(notebook, True)),
    "no-kernel": lambda notebook: notebook.update(metadata={}),
    "another-kernel": lambda notebook: notebook["metadata"].update(
        kernelspec={"name": "python-mine", "display_name": "x"}
    ),
    "no-cell-ids": lambda notebook: [cell.pop("id", None) for cell in notebook["cells"]],
}


def hand_in(course: Path, student: str) -> None:
    folder = Path(shutil.copytree(course / "exercises" / NAME, course / "submitted" / student / NAME))
    module = MODULES.get(student, RIGHT)
    (folder / "lib" / f"{NAME}.py").write_bytes(module if isinstance(module, bytes) else module.encode())
    path = folder / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text("utf8"))
    for cell in cells_of(notebook, True):
        cell["source"] = ANSWER
    NOTEBOOKS.get(student, lambda notebook: None)(notebook)
    encoding = "utf-8-sig" if student == "byte-order-mark" else "utf8"
    path.write_text(json.dumps(notebook, indent=1), encoding)
