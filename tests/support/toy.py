"""A student's folder of two small exercises, with a key that knows two mistakes."""

from pathlib import Path

from check import AnswerKey, run_probes, write_key
from check.compare import difference
from check.load import load_lib
from check.probe import load_folder

TOY = '"""A toy."""\n\n\ndef double(x):\n    return 2 * x\n\n\ndef twice(x):\n    return double(double(x))\n'
USER = "from lib.toy import double\n\n\ndef more(x):\n    return double(x) + 1\n"
INPUTS = "def far_from_zero(rng, n):\n    return rng.normal(n) + 5\n"
DOUBLING = '''
from inputs import far_from_zero

from check import probe


@probe(exercise="doubling", points=2)
def numbers(lib, rng):
    """Doubles numbers."""
    return lib.toy.double(far_from_zero(rng, 3))


@probe(exercise="doubling", points=1)
def again(lib, rng):
    """Doubles twice."""
    return {"twice": lib.toy.twice(far_from_zero(rng, 2))}
'''
MORE = '''
from check import probe


@probe(exercise="more", points=1)
def one_more(lib, rng):
    """Adds one."""
    return lib.user.more(rng.integer(0, 100))
'''
TRIPLED = TOY.replace("2 * x", "3 * x")
MISTAKES = {
    "tripled": ("You triple. Look at the factor.", TRIPLED),
    "tripled_alone": ("You triple, though not twice.", TRIPLED.replace("double(double(x))", "4 * x")),
}
SEEDS = ["a", "b"]


def write_toy(folder: Path) -> None:
    """Write the folder with a right lib."""
    files = {"lib/toy.py": TOY, "lib/user.py": USER, "probes/inputs.py": INPUTS}
    files |= {"probes/doubling.py": DOUBLING, "probes/more.py": MORE}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    write_key(folder / "expected.safetensors", toy_key(folder))


def toy_key(folder: Path) -> AnswerKey:
    """Return what the right lib and the mistakes answer."""
    probes = load_folder(folder / "probes")
    want = run_probes(probes, load_lib(folder), SEEDS)
    mistakes = {}
    for name, (_, text) in MISTAKES.items():
        got = run_probes(probes, load_lib(folder, {"toy": text}), SEEDS)
        mistakes[name] = {output: got[output] for output in got if difference(want[output], got[output])}
    return AnswerKey(SEEDS, want, mistakes, {name: hint for name, (hint, _) in MISTAKES.items()})


def edit(folder: Path, old: str, new: str) -> None:
    """Replace a text in the student's lib/toy.py."""
    path = folder / "lib" / "toy.py"
    path.write_text(path.read_text().replace(old, new))
