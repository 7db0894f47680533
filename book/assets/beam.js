/* A beam search as a tree that grows from left to right: what was kept at each step, and what was dropped.
 *
 * Data:
 *   {"start":  "She opened the door and saw a",                     what is continued; the root of the tree
 *    "beams": [{"width": 1,                                          one search each; the reader chooses
 *               "found": [" young woman …", -4.83],                  the best continuation and its score
 *               "levels": [[{"text": " young", "score": -1.88,       the candidates of each step, the score so far,
 *                            "parent": 0,                            the place of what it continues in the step before,
 *                            "kept": true, "best": true}, …], …]}],  whether it stayed, and led to the best
 *    "first":  1}                                                    the search that is shown first
 */
"use strict";

(() => {
  const ROW = 42, COLUMN = 128, TOP = 24, ROOT = 44; // pixels; a token's name stands above its line

  const signed = (score) => score.toFixed(2).replace("-", "−");
  const printed = (token) => token.replaceAll("\n", "↵").trim() || "␣";

  class Beam {
    constructor(figure, data) {
      this.data = data;
      this.frame = widget.html("div", { class: "beam-frame", tabindex: 0 });
      this.reading = widget.html("output", { class: "beam-reading", "aria-live": "polite" });
      const choice = widget.select("Beam width", data.beams.map(({ width }) => width), (index) => this.draw(data.beams[index]));
      const start = widget.html("p", { class: "beam-start" }, `${data.start} …`);
      choice.querySelector("select").value = data.first ?? 0;
      figure.prepend(choice, start, this.frame, this.reading);
      this.draw(data.beams[data.first ?? 0]);
    }

    draw({ width, levels, found }) {
      const height = TOP + ROW * Math.max(...levels.map((level) => level.length)) + 4;
      this.svg = widget.svg("svg", { width: ROOT + COLUMN * levels.length, height, role: "img", "aria-label": this.words(levels) });
      let before = [{ x: 10, y: height / 2 }];
      this.svg.append(widget.svg("circle", { cx: 10, cy: height / 2, r: 4, class: "beam-node" }));
      levels.forEach((level, step) => {
        const top = (height - ROW * level.length) / 2 + TOP;
        const places = level.map((_, rank) => ({ x: ROOT + COLUMN * step, y: top + ROW * rank }));
        level.forEach((candidate, rank) => this.drawCandidate(candidate, before[candidate.parent], places[rank]));
        before = places.map(({ x, y }) => ({ x: x + COLUMN - 40, y }));
      });
      this.frame.replaceChildren(this.svg);
      this.reading.textContent = `Best of width ${width}: “${found[0].trim()}”, score ${signed(found[1])}`;
    }

    /* A curve from the parent, a line that carries the token's name, and the score so far below it. */
    drawCandidate({ text, score, kept, best }, from, { x, y }) {
      const look = best ? "beam-best" : kept ? "beam-kept" : "beam-dropped";
      const end = x + COLUMN - 40, bend = (x - from.x) / 2;
      const path = `M${from.x} ${from.y} C${from.x + bend} ${from.y} ${x - bend} ${y} ${x} ${y} H${end}`;
      this.svg.append(
        widget.svg("path", { d: path, class: `beam-edge ${look}` }),
        widget.svg("text", { x: x + 4, y: y - 5, class: `beam-token ${look}` }, printed(text)),
        widget.svg("text", { x: x + 4, y: y + 11, class: `beam-score ${look}` }, signed(score)),
      );
    }

    words(levels) {
      const steps = levels.map((level, step) => {
        const names = (kept) => level.filter((c) => c.kept === kept).map((c) => `${printed(c.text)} ${signed(c.score)}`).join(", ");
        return `Step ${step + 1}: kept ${names(true)}; dropped ${names(false)}.`;
      });
      return steps.join(" ");
    }
  }

  widget.register("beam", (figure, data) => new Beam(figure, data));
})();
