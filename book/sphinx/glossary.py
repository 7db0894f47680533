"""The `chapter-terms` directive: all terms that the chapters define, English and Chinese, with where they are defined."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book.glossary import Place, Term, read_terms


class ChapterTerms(SphinxDirective):
    def run(self) -> list[nodes.Node]:
        return [nodes.definition_list("", *map(self.entry, read_terms()), classes=["chapter-terms"])]

    def entry(self, term: Term) -> nodes.definition_list_item:
        names = nodes.term("", "", *self.parsed(term.english), ids=[f"term-{nodes.make_id(term.english)}"])
        names += [nodes.Text(" "), nodes.inline("", term.chinese, classes=["zh"])]
        meaning = nodes.paragraph("", "", *self.parsed(term.meaning))
        for place in term.places:
            meaning += [nodes.Text(" → "), _link(place)]
        return nodes.definition_list_item("", names, nodes.definition("", meaning))

    def parsed(self, text: str) -> list[nodes.Node]:
        return self.state.inline_text(text, self.lineno)[0]


def _link(place: Place) -> nodes.reference:
    words = place.section if place.section[0].isdigit() else f"{place.chapter}: {place.section}"
    return nodes.reference("", "", nodes.Text(words), refuri=place.address, internal=True)


def setup(app: Sphinx) -> None:
    app.add_directive("chapter-terms", ChapterTerms)
