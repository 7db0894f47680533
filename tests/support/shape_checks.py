"""The library under test checks the shapes in its own signatures, by jaxtyping's import hook.

To be imported before anything else imports the library.
"""

import importlib
from pathlib import Path

from jaxtyping import install_import_hook

LIBRARY = Path(__file__).resolve().parents[2] / "lib"
# By PEP 484 a whole number is a float.
CHECKER = "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))"

with install_import_hook("lib", CHECKER):
    for path in sorted(LIBRARY.glob("[!_]*.py")):
        importlib.import_module(f"lib.{path.stem}")
