"""The `erratum` directive: a mistake of the documents, folded to one line, with what is true and how one knows.

:::{erratum} E22 The Transformer is from 2018
:run: years

It is from June 2017 {cite}`vaswani2017`.
:::

The option `run` names the target before the cell that shows it; without it the text cites. Where the mistake stands and
which sections have its subject is read from outline.yml and coverage.yml. The number is a target: [E22](#E22) on any page.
"""

import re

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.sphinx.places import Link, places_of
from book.sphinx.quiz import html


class Erratum(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"run": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        number, _, title = self.arguments[0].partition(" ")
        where, homes = places_of(number)
        if not re.fullmatch(r"E\d+", number) or not where:
            raise self.error(f"{number} is no erratum that the outline of the documents knows")
        label, messages = self.state.inline_text(title, self.lineno)
        target = nodes.target("", "", ids=[number], names=[number.lower()])
        self.state.document.note_explicit_target(target, target)
        body = nodes.container("", target, classes=["erratum-body"])
        self.state.nested_parse(self.content, self.content_offset, body)
        body += self.links(where, homes)
        return [
            html(f'<details class="erratum"><summary><span class="where">{where[0].text}</span> '),
            html(f'<span class="number">{number}</span> '),
            nodes.inline("", "", *label, classes=["claim"]),
            html("</summary>"),
            body,
            *messages,
            html("</details>"),
        ]

    def links(self, where: list[Link], homes: list[Link]) -> nodes.paragraph:
        line = nodes.paragraph("", "", nodes.Text("Stands in "), *_joined(where), classes=["erratum-links"])
        if homes:
            line += [nodes.Text(". See "), *_joined(homes)]
        if "run" in self.options:
            shown = nodes.reference("", "this cell", refid=self.options["run"], internal=True)
            line += [nodes.Text(". Shown by "), shown]
        line += nodes.Text(".")
        return line


def _joined(links: list[Link]) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for link in links:
        text = nodes.Text(link.text)
        found += [
            nodes.Text("; "),
            nodes.reference("", "", text, refuri=link.address, internal=True) if link.address else text,
        ]
    return found[1:]


def setup(app: Sphinx) -> None:
    app.add_directive("erratum", Erratum)
