"""What a student is given: what is committed, the same every time, without a word of what must stay behind."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from check import read_key, run_probes
from check.compare import difference
from check.load import load_lib
from check.mark import mark
from check.mistake import lines_of
from grading.assignment import Assignment, assignment_names, load_assignment
from grading.errors import CourseError
from grading.release.leak import Leak, check_no_leak, secrets
from grading.release.stub import solutions, stub
from grading.release.student_folder import check_points
from tests.support.course_copy import NAME, ROOT, copy_course, run, succeed


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A small course, released once by nbgrader's own command."""
    course = copy_course(tmp_path_factory.mktemp("course"))
    succeed(course, "nbgrader", "generate_assignment", NAME)
    return course


@pytest.fixture(scope="module")
def assignment(course) -> Assignment:
    return load_assignment(NAME, course)


@pytest.fixture
def released(course, tmp_path) -> Path:
    return Path(shutil.copytree(course / "exercises" / NAME, tmp_path / NAME))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", assignment_names())
def test_what_is_committed_is_a_fresh_release(name, tmp_path):
    course = copy_course(tmp_path, whole=True)
    succeed(course, "nbgrader", "generate_assignment", name)
    fresh, committed = contents(course / "exercises" / name), contents(ROOT / "exercises" / name)
    committed = {file: text for file, text in committed.items() if "__pycache__" not in file}
    keys = [read_key(at / "exercises" / name / "expected.safetensors") for at in (course, ROOT)]
    del fresh["expected.safetensors"], committed["expected.safetensors"]
    assert sorted(fresh) == sorted(committed)
    assert [file for file in fresh if fresh[file] != committed[file]] == []
    mine, theirs = ((key.seeds, key.hints, key.exercises, key.allowance) for key in keys)
    assert mine == theirs
    for mine, theirs in zip(*[{"": key.want, **key.mistakes}.items() for key in keys], strict=True):
        assert (mine[0], sorted(mine[1])) == (theirs[0], sorted(theirs[1]))
        assert [case for case in mine[1] if difference(mine[1][case], theirs[1][case])] == []


@pytest.mark.parametrize("name", assignment_names())
def test_a_student_has_little_to_download(name):
    """The answer key is most of it: a probe cuts a wrong answer that is much larger than the right one."""
    size = sum(path.stat().st_size for path in (ROOT / "exercises" / name).rglob("*") if path.is_file())
    assert size < 3 * 2**20


def test_a_second_release_gives_the_same_bytes(course):
    before = contents(course / "exercises")
    succeed(course, "nbgrader", "generate_assignment", NAME)
    assert contents(course / "exercises") == before


def test_only_what_is_listed_travels(released, assignment):
    checks = {f"check/{path.name}" for path in (ROOT / "check").glob("*.py")} | {"check/graded.json"}
    modules = {f"lib/{name}.py" for name in ["__init__", *assignment.modules]}
    probes = {f"probes/{name}.py" for name in ["inputs", *assignment.exercises]}
    files = {f"{NAME}.ipynb", "README.md", ".gitignore", "expected.safetensors"}
    assert set(contents(released)) == checks | modules | probes | files


def test_the_notebook_travels_without_outputs_and_answers(released):
    notebook = nbformat.read(released / f"{NAME}.ipynb", as_version=4)
    assert [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
    asked = [cell.source for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    assert set(asked) == {"YOUR ANSWER HERE"}


def test_the_stub_imports_and_scores_nothing(released, assignment):
    key, lib = read_key(released / "expected.safetensors"), load_lib(released)
    got = run_probes(assignment.probes, lib, key.seeds)
    marks = [m for probes in assignment.exercises.values() for m in mark(probes, key, got)]
    assert {m.earned for m in marks} == {0}
    assert all(m.error.startswith("NotImplementedError: write ") for m in marks)


def test_the_public_key_gives_the_reference_full_marks(released, assignment):
    key = read_key(released / "expected.safetensors")
    got = run_probes(assignment.probes, load_lib(assignment.root, names=assignment.modules), key.seeds)
    assert all(m.earned == m.points for m in mark(assignment.probes, key, got))


def test_the_folder_checks_itself_when_copied_alone(released):
    said = succeed(released, "timeit", "-n1", "-r1", "-s", "from check import check", "check('masks')")
    assert "NotImplementedError: write causal_mask() in lib/attention.py" in said


SOLUTION = """
    q_k   = 1
    source   =   x if context is None else context  # theirs
    q = self.query(x).unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)
"""


def in_output(notebook, released, assignment):
    notebook.cells.append(new_code_cell(outputs=[new_output("stream", text=SOLUTION)]))


def in_a_card(notebook, released, assignment):
    notebook.cells.append(new_markdown_cell("Write\n```python\n" + SOLUTION + "```"))


def in_a_comment(notebook, released, assignment):
    with open(released / "lib" / "attention.py", "a") as file:
        file.write(re.sub("(?m)^", "# ", SOLUTION))


def in_a_hint(notebook, released, assignment):
    path = released / "expected.safetensors"
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    rest = json.loads(header["__metadata__"]["rest"])
    rest["/hints"]["unscaled"] = SOLUTION
    header["__metadata__"]["rest"] = json.dumps(rest)
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + size :])


def of_a_mistake(notebook, released, assignment):
    mistake = assignment.mistakes["unscaled"]
    (text,) = assignment.with_mistake(mistake).values()
    begin, end = lines_of(text, "attend")
    (released / "notes.txt").write_text("\n".join(text.splitlines()[begin:end]), "utf8")


def of_an_alternative(notebook, released, assignment):
    notebook.cells.append(new_code_cell(assignment.alternatives["attend_by_einsum"].read_text("utf8")))


def of_a_model_answer(notebook, released, assignment):
    source = nbformat.read(ROOT / "solutions" / NAME / f"{NAME}.ipynb", as_version=4)
    text = next(cell.source for cell in source.cells if cell.metadata.get("nbgrader", {}).get("solution"))
    notebook.cells[0].source += text.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]


LEAKS = [in_output, in_a_card, in_a_comment, in_a_hint, of_a_mistake, of_an_alternative, of_a_model_answer]


@pytest.mark.parametrize("plant", LEAKS)
def test_a_leak_is_found(plant, released, assignment):
    notebook = nbformat.read(released / f"{NAME}.ipynb", as_version=4)
    check_no_leak(assignment, released, notebook)
    plant(notebook, released, assignment)
    with pytest.raises(Leak, match="of the release holds"):
        check_no_leak(assignment, released, notebook)


def test_every_exercise_has_secrets_to_look_for(assignment):
    sources = set(secrets(assignment).values())
    files = {f"lib/{name}.py" for name in assignment.student_modules} | {"a model answer"}
    mistakes = {f"the mistake {name}" for name in assignment.mistakes}
    alternatives = [
        path.relative_to(assignment.folder).as_posix() for path in assignment.alternatives.values()
    ]
    assert sources >= files | mistakes | set(alternatives)


def test_a_release_that_leaks_ends_loudly_and_leaves_nothing(tmp_path):
    course = copy_course(tmp_path)
    path = course / "solutions" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    in_a_card(notebook, None, None)
    nbformat.write(notebook, path)
    done = run(course, "nbgrader", "generate_assignment", NAME)
    assert done.returncode != 0
    assert "of the release holds code or text from lib/attention.py" in done.stdout
    assert not (course / "exercises" / NAME).exists()


def test_points_that_differ_between_cells_and_probes_are_refused(released, assignment):
    notebook = nbformat.read(released / f"{NAME}.ipynb", as_version=4)
    check_points(assignment, notebook)
    next(cell for cell in notebook.cells if cell.metadata.get("nbgrader")).metadata.nbgrader.points += 1
    with pytest.raises(CourseError, match=r"test cells give .* but the probes give"):
        check_points(assignment, notebook)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def f():\n    ### BEGIN SOLUTION\n    return 1\n", "has no '### END SOLUTION'"),
        ("def f():\n    return 1\n    ### END SOLUTION\n", "ends that never began"),
        ("def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    return 1\n", "inside another one"),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", "must stand inside a function"),
    ],
)
def test_misplaced_markers_are_refused(text, complaint):
    with pytest.raises(CourseError, match=complaint):
        stub(text, "lib/a.py")


def test_a_stub_keeps_all_that_is_no_solution():
    text = (ROOT / "lib" / "attention.py").read_text("utf8")
    regions = solutions(text, "lib/attention.py")
    lines = text.splitlines()
    hidden = {number for begin, end in regions for number in range(begin, end + 1)}
    kept = [line for number, line in enumerate(lines) if number not in hidden]
    stubbed = [
        line for line in stub(text, "lib/attention.py").splitlines() if "NotImplementedError" not in line
    ]
    assert [line for line in stubbed if "Write your solution here" not in line] == kept
    assert regions
