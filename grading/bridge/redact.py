"""What a student may read of a mark: all that is their own, nothing of the inputs that were drawn in secret.

A message such as `bad input tensor([0.31, …])`, a traceback, an error's name and a case's name come from the
student's process, which has seen the inputs. So numbers, truth values and whatever stands in brackets are left out
of a message, and so is every word that is neither in the student's own files nor usual in errors. Of a traceback
only places are believed; the line that stands there is read from the file that was handed in.
"""

import builtins
import re
from collections.abc import Iterable
from dataclasses import replace

from check.compare import Difference
from check.mark import ERROR, Mark

MAX_MESSAGE, MAX_TRACE_LINES = 200, 6  # characters of the one, lines of the other
GAP = "…"
VALUES = {"True", "False", "nan", "inf"}
USUAL = {name for name, kind in vars(builtins).items() if isinstance(kind, type)} | set(
    re.findall(
        r"\w+",
        """
        Boolean Byte CPU Char Double Expected Float Given Half Index Input Int Integer Long No NoneType
        NotImplemented OutOfMemoryError Output Python Short Sizes Tensor TensorTooLarge The There This Trying You a
        abs access add after all allocate allowed also ambiguous an and any are argument arguments array as
        associated at attempted attribute b backward batch be because been before belongs between bfloat16 bigger bool
        boolean both bounds broadcast but by call callable called can cannot cast changed channels code column
        columns computation compute contain convert could data defined device dim dimension dimensional
        dimensions divide division does dtype dtypes during each element elements empty ended equal error
        existing expand expected expects failed file first float float16 float32 float64 for format found from
        function given got grad graded gradient greater had has have heads hidden implemented import importing in
        index indexing indices inplace input inputs int int32 int64 integer invalid is it item iterable its
        keepdim key keys keyword last leaf least length less lib library line list local made mask mat1 mat2 match
        matmul matrices matrix matrix1 matrix2 maximum may memory method minimum missing modified module more
        most multiple multiplied multiply must name named need needs no non none not nothing number numbers
        object of offset on one only operand operands operation or out output own parameter position positional py
        range rank referenced require required requires result returned row rows same scalar sequence shape
        shapes should single singleton size sizes slice so start stride string subscript subscriptable such
        support supported syntax take takes target tensor tensors than that the them there this times to too
        torch try tuple two type types unexpected unhashable unknown unpack unsupported use used using value
        values variable variables vector vectors view was were when where which while with without write wrong
        your zero
        """,
    )
)


def redact(marks: Iterable[Mark], files: dict[str, bytes]) -> list[Mark]:
    """Return the marks as the student who handed in these files may read them."""
    known = words(files)
    return [_redact_mark(mark, files, known) for mark in marks]


def _redact_mark(mark: Mark, files: dict[str, bytes], known: set[str]) -> Mark:
    if mark.reason == ERROR:
        return replace(mark, error=error(mark.error, known), trace=trace(mark.trace, files, known))
    if mark.difference:
        case = GAP if mark.difference.kind == "should not be there" else mark.difference.case
        return replace(mark, difference=Difference(case, mark.difference.kind))
    return mark


def words(files: dict[str, bytes]) -> set[str]:
    """Return every word that a message may hold: those of the student's files and those usual in errors."""
    own = {word for text in files.values() for word in re.findall(r"[A-Za-z_]\w*", _text(text))}
    return (own | set(files) | USUAL) - VALUES


def error(text: str, known: set[str]) -> str:
    """Return "Name: message" with … for what must not be seen.

    >>> error("ValueError: bad tensor([[0.31, 0.2]]) of size 7", {"ValueError", "bad", "tensor", "of", "size"})
    'ValueError: bad tensor([…]) of size …'
    """
    name, colon, message = text.partition(": ")
    shown = name if name in known else "an error"
    if not colon or name == "KeyError":  # whose message is the key, which is data
        return shown
    message = re.sub(r"\[.*\]|\[.*|\{.*\}|\{.*", f"[{GAP}]", message[:MAX_MESSAGE], flags=re.DOTALL)
    message = re.sub(r"[\w.]*\w|[^\x20-\x7e]", lambda run: _hide_unless_known(run[0], known), message)
    return f"{shown}: " + re.sub(rf"{GAP}(?:[^\w()\[\]]*{GAP})+", GAP, message)


def trace(text: str, files: dict[str, bytes], known: set[str]) -> str:
    """Return the places that a traceback names, each with the line of the file that was handed in."""
    lines = []
    for place in re.finditer(r"^lib/(\w+)\.py, line (\d{1,6})(?:, in (\S+))?:", text, flags=re.MULTILINE):
        module, number, function = place[1], int(place[2]), place[3]
        source = _text(files.get(module, b"")).splitlines()
        if 1 <= number <= len(source):
            where = f", in {function}" if function in known else ""
            lines.append(f"lib/{module}.py, line {number}{where}: {source[number - 1].strip()}")
    return "\n".join(lines[:MAX_TRACE_LINES])


def _hide_unless_known(run: str, known: set[str]) -> str:
    return run if all(part in known for part in run.split(".")) else GAP


def _text(source: bytes) -> str:
    return source.decode("utf-8-sig", "replace")
