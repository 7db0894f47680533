"""A page for the instructor as one file: tables, code and plots; it runs and fetches nothing, light and dark."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def write_page(path: Path, template: str, **values: Any) -> None:
    """Write a template's page; every value is escaped but those that are Markup already."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEMPLATES.get_template(template).render(values), "utf8")
