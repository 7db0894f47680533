"""What tools and visitors read beside the code: it can be parsed, and names what exists."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
OPTIONS = ["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf8")


@pytest.fixture(scope="module")
def workflow() -> dict:
    return yaml.safe_load(text(".github/workflows/ci.yml"))


def make_can(target: str) -> bool:
    return subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True).returncode == 0


def test_the_workflow_runs_what_exists(workflow):
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    assert ".ci/run" in commands
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100, "git keeps the right to execute it"
    modules = {name for command in commands for name in re.findall(r"-m (\S+)", command)}
    files = {name for command in commands for name in re.findall(r"\bsh (\S+)", command)}
    wanted = {name.replace(".", "/") + ".py" for name in modules} | files
    assert [name for name in wanted if not (ROOT / name).is_file()] == []
    assert wanted == {"install.sh", "book/build.py"}


def test_the_workflow_uses_official_actions_of_one_major_version(workflow):
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@v\d+", name)] == []


def test_only_what_has_passed_on_main_is_published(workflow):
    publish = workflow["jobs"]["publish"]
    assert (publish["needs"], publish["if"]) == ("test", "github.ref == 'refs/heads/main'")
    assert workflow["permissions"] == {"contents": "read"}
    (upload,) = [step for step in workflow["jobs"]["test"]["steps"] if "upload-pages" in step.get("uses", "")]
    assert (upload["if"], upload["with"]["path"]) == (publish["if"], "_build/html")


def test_one_version_and_one_date_everywhere():
    cited = yaml.safe_load(text("CITATION.cff"))
    newest = re.search(r"^## (\S+) – (\S+)$", text("CHANGELOG.md"), re.M)
    assert (newest[1], newest[2]) == (VERSION, str(cited["date-released"]))
    assert cited["version"] == VERSION


def test_the_citation_has_what_its_format_wants():
    cited = yaml.safe_load(text("CITATION.cff"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["authors"] == [{"name": "The authors of this book"}]
    assert cited["title"] in text("README.md").splitlines()[0]
    assert all(cited[field] for field in ("message", "license"))


def test_the_containers_have_what_grading_needs():
    dockerfile, devcontainer = text("Dockerfile"), json.loads(text(".devcontainer/devcontainer.json"))
    assert "sh /tmp/install.sh testing" in dockerfile
    assert f"AS {devcontainer['build']['target']}\n" in dockerfile
    assert f"\nUSER {devcontainer['remoteUser']}\n" in dockerfile
    assert devcontainer["runArgs"] == [word for option in OPTIONS for word in ("--security-opt", option)]
    assert re.findall(r"--security-opt (\S+)", dockerfile) == OPTIONS
    for target in re.findall(r"make ([a-z]+)", dockerfile + devcontainer["postCreateCommand"]):
        assert make_can(target), f"there is no make {target}"


def test_an_image_holds_nothing_that_git_leaves_out():
    ignored = {line.strip("/") for line in text(".gitignore").splitlines()}
    assert {line.removeprefix("**/") for line in text(".dockerignore").splitlines()[1:]} == ignored


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_the_links_lead_somewhere(page):
    links = [link for link in re.findall(r"\]\(([^)#]+)", text(page)) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_contributing_names_what_exists_and_stays_short():
    page = text("CONTRIBUTING.md")
    assert len(page.splitlines()) < 200
    paths = set(re.findall(r"\b(?:lib|check|grading|book|tests|benchmarks)/[\w/.-]*\w", page))
    paths |= {f"{module.replace('.', '/')}.py" for module in re.findall(r"python -m (\w+\.\w+)", page)}
    assert {path for path in paths - {"book/en/NN-name.md"} if not (ROOT / path).exists()} == set()
    for target in re.findall(r"`?make ([a-z]+)", page):
        assert make_can(target), f"there is no make {target}"
    tree = re.search(r"^lib/ .*?^```", page, re.S | re.M)[0]
    rooms = re.findall(r"^    ([a-z]+)/ ", tree, re.M)
    assert {room for room in rooms if not (ROOT / "grading" / room).is_dir()} == set()
    assert {path.parent.name for path in ROOT.glob("grading/*/__init__.py")} == set(rooms)
