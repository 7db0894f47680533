"""The `quiz` directive: a question whose every choice opens its own explanation, with or without JavaScript.

:::{quiz}
Why are the scores divided by $\\sqrt{K}$?

- [ ] So that the weights sum to one.

  The softmax does that for any scores.
- [x] So that their variance does not grow with the width.

  A sum of $K$ products of unit variance has variance $K$.
:::
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

MARKS = {"[x] ": ("right", "Right."), "[ ] ": ("wrong", "Not quite.")}


class Quiz(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        body = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, body)
        if len(body) < 2 or not isinstance(choices := body[-1], nodes.bullet_list):
            raise self.error("a quiz is a question followed by a list of choices")
        group = f"quiz-{self.env.docname}-{self.env.new_serialno('quiz')}"
        parts = [
            html(f'<div class="quiz" role="group" aria-label="Question {group.split("-")[-1]}">'),
            *body[:-1],
        ]
        kinds = []
        for item in choices.children:
            kind, shown = self.choice(item, group)
            kinds.append(kind)
            parts += shown
        if kinds.count("right") != 1:
            raise self.error(f"a quiz has one right choice, marked [x]; this one has {kinds.count('right')}")
        return [*parts, html("</div>")]

    def choice(self, item: nodes.Node, group: str) -> tuple[str, list[nodes.Node]]:
        """Return whether the choice is right, and its nodes: opened, it closes the others of its group."""
        text = next(iter(item.findall(nodes.Text)), nodes.Text(""))
        if text[:4] not in MARKS or len(item.children) < 2:
            raise self.error("a choice begins with [ ] or [x] and a second paragraph explains it")
        kind, verdict = MARKS[text[:4]]
        text.parent.replace(text, nodes.Text(text[4:]))
        label, *explanation = item.children
        return kind, [
            html(f'<details class="{kind}" name="{group}"><summary>'),
            nodes.inline("", "", *label.children),
            html(f'</summary><div class="explanation"><strong>{verdict}</strong>'),
            *explanation,
            html("</div></details>"),
        ]


def html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def setup(app: Sphinx) -> None:
    app.add_directive("quiz", Quiz)
