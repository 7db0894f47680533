/* Analogy map: words at their places on two axes, an arrow laid at a third word, and the words nearest to its end.
 *
 * Data:
 *   {
 *     "words": ["man", …],
 *     "places": [[x, y], …],             of each word, on the two axes
 *     "pairs": [[0, 2], …],              "a is to b": indices of words, first what is chosen at first
 *     "thirds": [1, …],                  "as c is to …": the words that can be c
 *     "answers": {"0 2 1": {"all": [["king", 0.885], …],     the nearest of all words
 *                           "others": [["queen", 0.852], …]}}  and without the three that are given
 *   }
 *
 * The cosines are those of lib/embeddings.py in all dimensions; on the two axes only places are drawn. A pair and a
 * third word that it holds itself have no answer; the reader is told so. */
"use strict";

(() => {
  const WIDTH = 440;
  const HEIGHT = 330;
  const MARGIN = { x: 34, y: 20 };
  const LETTER = 7.2; // the width of a letter, for labels that must not cover each other
  const LINE = 14;

  const crosses = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  class AnalogyMap {
    constructor(figure, data) {
      this.data = data;
      this.pair = 0;
      this.third = 0;
      const { words, pairs, thirds } = data;
      const pairNames = pairs.map(([a, b]) => `${words[a]} → ${words[b]}`);
      this.may = widget.html("input", { type: "checkbox" });
      this.may.addEventListener("change", () => this.show());
      const choices = widget.html(
        "div",
        { class: "analogy-controls" },
        widget.select("As", pairNames, (index) => this.choose({ pair: index })),
        widget.select("so", thirds.map((word) => `${words[word]} → ?`), (index) => this.choose({ third: index })),
        widget.html("label", { class: "analogy-may" }, this.may, " given words may win"),
      );
      this.reading = widget.html("output", { class: "analogy-reading", "aria-live": "polite" });
      this.answers = widget.html("ol", { class: "analogy-answers" });
      const parts = widget.html("div", { class: "analogy-parts" }, this.map(), this.answers);
      figure.prepend(choices, this.reading, parts);
      this.choose({});
    }

    map() {
      this.marks = widget.svg("g");
      const head = widget.svg("path", { d: "M0 0L8 4L0 8Z", class: "analogy-head" });
      const shape = { id: "analogy-head", markerWidth: 8, markerHeight: 8, refX: 8, refY: 4, orient: "auto" };
      const defs = widget.svg("defs", {}, widget.svg("marker", { ...shape, markerUnits: "userSpaceOnUse" }, head));
      const words = "The words as dots on two axes, with two equal arrows: from a to b, and from c to where the answer should be.";
      const attributes = { class: "analogy-map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words };
      return widget.svg("svg", attributes, defs, this.marks);
    }

    choose({ pair = this.pair, third = this.third }) {
      this.pair = pair;
      this.third = third;
      this.show();
    }

    show() {
      const { words, pairs, thirds, answers } = this.data;
      const [a, b] = pairs[this.pair];
      const c = thirds[this.third];
      const found = answers[`${a} ${b} ${c}`];
      const nearest = found ? found[this.may.checked ? "all" : "others"] : [];
      const names = nearest.map(([word]) => words.indexOf(word));
      this.draw(a, b, c, found ? names : []);
      const sum = `${words[b]} − ${words[a]} + ${words[c]}`;
      this.reading.textContent = found
        ? `Nearest to ${sum}: ${nearest[0][0]}, cosine ${nearest[0][1].toFixed(3)}.`
        : `${words[c]} is one of the pair: choose another word.`;
      this.answers.replaceChildren(...nearest.map((answer) => this.row(answer, [words[a], words[b], words[c]])));
    }

    row([word, cosine], given) {
      const fill = widget.html("span", { class: "analogy-fill", style: `width: ${(100 * cosine).toFixed(1)}%` });
      const track = widget.html("span", { class: "analogy-track", "aria-hidden": "true" }, fill);
      const name = widget.html("span", { class: given.includes(word) ? "analogy-given" : "analogy-word" }, word);
      return widget.html("li", {}, name, track, widget.html("span", { class: "analogy-cosine" }, cosine.toFixed(3)));
    }

    /* A point of the two axes in pixels; all words, and the end of every arrow that can be laid, have room. */
    pixel([x, y]) {
      this.frame ??= this.spread();
      const { left, right, bottom, top } = this.frame;
      const across = (WIDTH - 2 * MARGIN.x) / (right - left);
      const up = (HEIGHT - 2 * MARGIN.y) / (top - bottom);
      return [MARGIN.x + across * (x - left), HEIGHT - MARGIN.y - up * (y - bottom)];
    }

    spread() {
      const { places, pairs, thirds } = this.data;
      const ends = pairs.flatMap(([a, b]) => thirds.map((c) => this.end(a, b, c)));
      const [xs, ys] = [0, 1].map((axis) => [...places, ...ends].map((place) => place[axis]));
      return { left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) };
    }

    end(a, b, c) {
      const { places } = this.data;
      return [0, 1].map((axis) => places[b][axis] - places[a][axis] + places[c][axis]);
    }

    draw(a, b, c, nearest) {
      const { places } = this.data;
      const end = this.pixel(this.end(a, b, c));
      const [start, tip, third] = [a, b, c].map((word) => this.pixel(places[word]));
      const arrow = ([x1, y1], [x2, y2], name) =>
        widget.svg("line", { x1, y1, x2, y2, class: `analogy-arrow ${name}`, "marker-end": "url(#analogy-head)" });
      const dots = places.map((place, word) => this.dot(word, this.pixel(place), [a, b, c].includes(word), nearest));
      const ring = widget.svg("circle", { class: "analogy-end", cx: end[0], cy: end[1], r: 7 });
      const arrows = [arrow(start, tip, "analogy-first"), arrow(third, end, "analogy-second")];
      this.marks.replaceChildren(...dots, ...arrows, ring, ...this.labels([a, b, c], nearest));
    }

    dot(word, [cx, cy], given, nearest) {
      const look = given ? "analogy-dot analogy-chosen" : nearest.includes(word) ? "analogy-dot analogy-near" : "analogy-dot";
      return widget.svg("circle", { class: look, cx, cy, r: given || nearest.includes(word) ? 4 : 2.5 });
    }

    /* Names beside the dots: the given words and the answers always, each other where there is room. */
    labels(given, nearest) {
      const { words, places } = this.data;
      const wanted = [...given, ...nearest.filter((word) => word >= 0 && !given.includes(word))];
      const rest = words.map((_, word) => word).filter((word) => !wanted.includes(word));
      const taken = places.map((place) => this.box(this.pixel(place), 3));
      const drawn = [];
      for (const word of [...wanted, ...rest]) {
        const must = wanted.includes(word);
        const spots = this.spots(word);
        const open = ({ box }) => !drawn.some((other) => crosses(box, other.box)) && this.free(box, taken, word);
        const spot = spots.find(open) ?? (must ? spots[0] : null);
        if (!spot) continue;
        spot.text.setAttribute("class", must ? "analogy-name analogy-wanted" : "analogy-name");
        drawn.push(spot);
      }
      return drawn.map(({ text }) => text);
    }

    free(box, taken, word) {
      return !taken.some((dot, other) => other !== word && crosses(box, dot));
    }

    box([x, y], reach) {
      return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
    }

    /* The four places where a word's name may stand: right of its dot, left of it, above and below. */
    spots(word) {
      const name = this.data.words[word];
      const [x, y] = this.pixel(this.data.places[word]);
      const width = LETTER * name.length;
      const places = [
        { at: x + 6, from: x + 6, top: y - LINE / 2, anchor: "start" },
        { at: x - 6, from: x - 6 - width, top: y - LINE / 2, anchor: "end" },
        { at: x, from: x - width / 2, top: y - LINE - 5, anchor: "middle" },
        { at: x, from: x - width / 2, top: y + 5, anchor: "middle" },
      ];
      return places
        .filter(({ from }) => from >= 0 && from + width <= WIDTH)
        .map(({ at, from, top, anchor }) => ({
          box: { left: from, right: from + width, top, bottom: top + LINE },
          text: widget.svg("text", { x: at, y: top + LINE - 3, "text-anchor": anchor }, name),
        }));
    }
  }

  widget.register("analogymap", (figure, data) => new AnalogyMap(figure, data));
})();
