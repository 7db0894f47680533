"""A table as text, for the terminal."""


def text_table(head: list[str], rows: list[list[str | int | float]]) -> str:
    """Return a line for the head and for each row; columns that hold a number are set to the right."""
    right = [any(not isinstance(row[i], str) for row in rows) for i in range(len(head))]
    lines = [head, *([_format(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _format(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
