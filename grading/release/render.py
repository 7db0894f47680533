"""Text files out of templates."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # what is made here is Markdown, Python, TOML and JSON, never HTML
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)


def render(template: str, **values: str) -> str:
    """Return a template's text with these values in it."""
    return TEMPLATES.get_template(template).render(values)
