"""Interactive figures for the cells of the book: numbers that a cell computed, shown by a script of book/assets."""

import html
import json

from IPython.display import HTML


def widget(name: str, data: dict, caption: str = "", fallback: str = "") -> HTML:
    """Return the interactive figure book/assets/<name>.js, showing data; its schema heads that file.

    fallback is what a reader without JavaScript sees, and should give the main number or fact in words.
    Raises ValueError (from json) when data holds NaN or infinity; write None for a number that is not there.
    """
    return HTML(widget_html(name, data, html.escape(caption), fallback))


def widget_html(name: str, data: dict, caption: str, fallback: str) -> str:
    """Return the HTML of a widget; caption is HTML already."""
    # "<" as an escape, or a text that holds "</script>" would end the element.
    payload = json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
    fallback = html.escape(fallback or "This figure is interactive and needs JavaScript.")
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure class="widget" data-widget="{html.escape(name)}">'
        f'<script type="application/json">{payload}</script>'
        f'<p class="widget-fallback">{fallback}</p>{caption}</figure>'
    )
