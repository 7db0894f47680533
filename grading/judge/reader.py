"""What of a submission's folder counts: each module and the notebook, at home or where they are meant without doubt."""

import os
from collections.abc import Callable, Iterable
from functools import cached_property

from check.answers import MAX_NOTEBOOK
from grading.assignment import Assignment

from .files import Missing, Refused, TooLarge, list_folder, open_folder, plain_files, read_path
from .misplaced import Found, candidates, choose, notebooks
from .notebook_file import MAX_FILE, cells, without_outputs
from .own_files import refuse_own
from .written_answers import Cells, Released, has_answer_cell, has_work

MODULE_BYTES, NOTEBOOK_BYTES = 10**6, MAX_NOTEBOOK
MAX_LISTED = 5  # files that are not part of the assignment: the first few are named, the rest counted
UNUSED = "is not part of the assignment and was not used"
RELEASED = {"lib", "check", "probes", "expected.safetensors", "README.md", "timestamp.txt", "__pycache__"}
NOISE = {"__MACOSX", "Thumbs.db", "desktop.ini"}  # which file managers leave behind


class Reader:
    """One submission while its folder, top, is open; notes are sentences on what is not as it should be."""

    def __init__(self, top: int, assignment: Assignment, released: Released):
        self.top, self.assignment, self.released = top, assignment, released
        self.notes: list[str] = []
        self.replacements: list[str] = []  # the paths of what was read in another file's place
        self.lib: list[str] = []  # the names in lib/

    @cached_property
    def paths(self) -> list[str]:
        return plain_files(self.top)

    def modules(self) -> dict[str, bytes]:
        """Return the text of each module that is there."""
        missing = ""
        try:
            self.lib = self._names_in_lib()
        except Missing as error:
            missing = str(error)
        except Refused as refusal:
            self.notes.append(str(refusal))
            return {}
        found = {name: self._module(name, missing) for name in self.assignment.student_modules}
        return {name: text for name, text in found.items() if text is not None}

    def _names_in_lib(self) -> list[str]:
        lib = open_folder("lib", "lib/", self.top)
        try:
            return list_folder(lib, "lib/")
        finally:
            os.close(lib)

    def _module(self, name: str, no_lib: str) -> bytes | None:
        home, rule = f"lib/{name}.py", refuse_own(self.assignment, name)
        stub = self.assignment.root / "exercises" / self.assignment.name / home
        stub_text = squeezed(stub.read_bytes()) if stub.is_file() else None

        def read(path: str) -> bytes:
            return read_path(self.top, path, MODULE_BYTES, rule)

        def is_stub(content: bytes) -> bool:
            return squeezed(content) == stub_text

        try:
            content, why = read(home), ""
        except Missing as missing:
            content, why = None, no_lib or str(missing)
        except Refused as refusal:
            self.notes.append(str(refusal))
            return None
        if content is not None and not is_stub(content):
            return content
        others = {f"{other}.py" for other in self.assignment.modules if other != name}
        return self._meant(home, content, why, candidates(self.paths, home, others), read, is_stub)

    def notebook(self) -> Cells | None:
        """Return the notebook's cells, or None."""
        home = f"{self.assignment.name}.ipynb"

        def read(path: str) -> bytes:
            content = self._notebook_at(path)
            if not has_answer_cell(cells(content), self.released):
                raise Refused(f"{path} is another notebook")
            return content

        def is_empty(content: bytes) -> bool:
            return not has_work(cells(content), self.released)

        try:
            content, why = self._notebook_at(home), ""
        except Refused as refusal:
            content, why = None, str(refusal)
        if content is None or is_empty(content):
            content = self._meant(home, content, why, notebooks(self.paths, home), read, is_empty)
        return None if content is None else cells(content)

    def _notebook_at(self, path: str) -> bytes:
        """Return the text of a notebook without its outputs, if they are large. Raises Refused for anything else."""
        try:
            content = without_outputs(read_path(self.top, path, MAX_FILE, refuse_own(self.assignment)))
            cells(content)
            return content
        except TooLarge:
            raise Refused(f"{path} was not read: it has more than {NOTEBOOK_BYTES // 10**6} MB") from None
        except (ValueError, RecursionError):
            raise Refused(f"{path} is not a notebook, so no written answers were read") from None

    def _meant(
        self,
        home: str,
        content: bytes | None,
        why: str,
        paths: list[str],
        read: Callable[[str], bytes],
        is_empty: Callable[[bytes], bool],
    ) -> bytes | None:
        """Return what was handed in as home: content, or what was done in another file if that was done in one alone."""
        found = []
        for path in paths:
            try:
                found.append(Found(path, read(path), path.endswith(f"/{home}")))
            except Refused:
                continue
        one = choose(found, is_empty)
        if one and (content is None or not is_empty(one.content)):
            self.notes.append(
                f"{why or f'{home} is as it was released'}; {printable(one.path)} was read in its place"
            )
            self.replacements.append(one.path)
            return one.content
        self.notes += [why] * bool(why)
        if found and not one:
            several = " or ".join(printable(one.path) for one in found[:MAX_LISTED])
            self.notes.append(f"it is not clear which file is meant for {home}, so none was used: {several}")
        return content

    def notes_on_extras(self) -> list[str]:
        """Return a sentence for each of the first few files that nobody asked for."""
        used = {path.split("/")[0] for path in self.replacements}
        known = RELEASED | NOISE | used | {f"{self.assignment.name}.ipynb"}
        used_in_lib = {path.removeprefix("lib/") for path in self.replacements}
        own = {f"{name}.py" for name in (*self.assignment.modules, "__init__")} | {"__pycache__"}
        return [
            *_extras("lib/", self.lib, own | used_in_lib),
            *_extras("", list_folder(self.top, "the submission's folder"), known),
        ]


def _extras(where: str, names: Iterable[str], known: set[str]) -> list[str]:
    extra = [name for name in names if name not in known and not name.startswith(".")]
    notes = [f"{where}{printable(name)} {UNUSED}" for name in extra[:MAX_LISTED]]
    more = len(extra) - MAX_LISTED
    return [*notes, f"{more} more in {where or 'the folder'} were not used either"] if more > 0 else notes


def printable(name: str) -> str:
    """Return a name as one line that can be shown anywhere."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name[:100])


def squeezed(content: bytes) -> bytes:
    """Return a text without what editors and systems change on their own."""
    return b"".join(content.removeprefix(b"\xef\xbb\xbf").split())
