/* A heat map of attention weights: which token looks at which, and how much.
 *
 * Data:
 *   {
 *     "tokens":  ["the", "cat", "sat"],         the keys, one a column
 *     "queries": ["die", "Katze"],              the queries, one a row; the tokens themselves when left out
 *     "heads":   [{"name": "Head 1",            one picture each; the reader chooses when there are several
 *                  "weights": [[0.5, null]]}],  weights[query][key] from 0 to 1; null: the query may not look there
 *     "label":   "Head",                        what is chosen from; "Head" when left out
 *     "query":   1                              the row that is chosen first; the last when left out
 *   }
 *
 * Point at a cell, tap it, or reach it with the arrow keys: the line below reads it out, and the sentence above is
 * shaded by the whole row. A tap on a word of the sentence chooses that word's row. */
"use strict";

(() => {
  const SMALLEST_CELL = 13, LARGEST_CELL = 44, CELL_WITH_NUMBER = 34; // pixels
  const LETTER = 8.2, LONGEST_LABEL = 120, SLOPE = (50 * Math.PI) / 180; // label widths in pixels, tilt of the columns'

  const percent = (weight) => `${(100 * weight).toFixed(weight > 0 && weight < 0.1 ? 1 : 0)} %`;
  const quoted = (token) => `“${token.trim() || "␣"}”`;

  /* Full-width letters, such as Chinese ones, take the room of two. */
  const widthOf = (token) =>
    [...token].reduce((sum, letter) => sum + (letter.codePointAt(0) > 0x2e7f ? 2 : 1) * LETTER, 0);

  class Heatmap {
    constructor(figure, data) {
      this.tokens = data.tokens;
      this.queries = data.queries ?? data.tokens;
      this.heads = data.heads;
      this.weights = this.heads[0].weights;
      this.strip = widget.html("p", { class: "heatmap-strip", "aria-hidden": "true" });
      this.frame = widget.html("div", { class: "heatmap-frame" });
      this.reading = widget.html("output", { class: "heatmap-reading", "aria-live": "polite" });
      const parts = [this.strip, this.frame, this.reading];
      if (this.heads.length > 1) parts.unshift(this.headChoice(data.label ?? "Head"));
      figure.prepend(...parts);
      this.fillStrip(data.queries === undefined);
      this.draw();
      const first = data.query ?? this.queries.length - 1;
      this.choose(first, this.strongest(first));
      new ResizeObserver(() => this.resize()).observe(this.frame);
    }

    headChoice(label) {
      return widget.select(label, this.heads.map((head) => head.name), (index) => {
        this.weights = this.heads[index].weights;
        this.draw();
        this.choose(this.query, this.strongest(this.query));
      });
    }

    /* The keys as running text; where they are the queries too, a tap on one chooses its row. */
    fillStrip(choosable) {
      this.words = this.tokens.map((token, index) => {
        const word = widget.html("span", {}, token);
        if (choosable) word.addEventListener("click", () => this.choose(index, this.strongest(index)));
        return word;
      });
      this.strip.append(...this.words);
    }

    strongest(query) {
      const row = this.weights[query].map((weight) => weight ?? -1);
      return row.indexOf(Math.max(...row));
    }

    resize() {
      if (this.frame.clientWidth === this.width) return;
      this.draw();
      this.choose(this.query, this.key);
    }

    /* Cells fill the width; below the smallest size the frame scrolls instead. */
    measure() {
      const longest = (labels) => Math.min(LONGEST_LABEL, Math.max(...labels.map(widthOf)));
      this.width = this.frame.clientWidth;
      this.left = longest(this.queries) + 10;
      this.top = longest(this.tokens) * Math.sin(SLOPE) + 14;
      this.right = longest(this.tokens.slice(-1)) * Math.cos(SLOPE);
      const room = (this.width - this.left - this.right) / this.tokens.length;
      this.cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, Math.floor(room)));
    }

    draw() {
      this.measure();
      const width = this.left + this.cell * this.tokens.length + this.right;
      const height = this.top + this.cell * this.queries.length + 2;
      this.grid = widget.svg("svg", {
        width, height, tabindex: 0, role: "application", "aria-roledescription": "heat map",
        "aria-label": `Attention weights of ${this.queries.length} queries on ${this.tokens.length} keys; move with the arrow keys`,
      });
      this.grid.style.setProperty("--heatmap-label", `${Math.min(13, 0.85 * this.cell)}px`);
      this.weights.forEach((row, query) => row.forEach((weight, key) => this.drawCell(query, key, weight)));
      this.rows = this.queries.map((token, query) => this.drawRowLabel(token, query));
      this.columns = this.tokens.map((token, key) => this.drawColumnLabel(token, key));
      const outline = { class: "heatmap-outline", height: this.cell };
      this.rowOutline = widget.svg("rect", { ...outline, width: this.cell * this.tokens.length, x: this.left });
      this.cellOutline = widget.svg("rect", { ...outline, width: this.cell, class: "heatmap-outline heatmap-chosen" });
      this.grid.append(this.rowOutline, this.cellOutline);
      this.listen();
      this.frame.replaceChildren(this.grid);
    }

    drawCell(query, key, weight) {
      const [x, y] = [this.left + key * this.cell, this.top + query * this.cell];
      const box = { x: x + 0.5, y: y + 0.5, width: this.cell - 1, height: this.cell - 1, rx: 2 };
      const look = weight === null ? { class: "heatmap-hidden" } : { class: "heatmap-cell", "fill-opacity": weight };
      this.append("rect", { ...box, ...look });
      if (weight === null || this.cell < CELL_WITH_NUMBER) return;
      const number = { x: x + this.cell / 2, y: y + this.cell / 2, class: weight > 0.55 ? "on-strong" : "on-weak" };
      this.append("text", number, weight.toFixed(2).replace(/^0/, ""));
    }

    drawRowLabel(token, query) {
      const place = { x: this.left - 6, y: this.top + (query + 0.5) * this.cell, class: "heatmap-row" };
      return this.append("text", place, token);
    }

    drawColumnLabel(token, key) {
      const [x, y] = [this.left + (key + 0.5) * this.cell, this.top - 6];
      return this.append("text", { x, y, transform: `rotate(-50 ${x} ${y})`, class: "heatmap-column" }, token);
    }

    append(tag, attributes, ...children) {
      const element = widget.svg(tag, attributes, ...children);
      this.grid.append(element);
      return element;
    }

    listen() {
      const point = (event) => {
        const box = this.grid.getBoundingClientRect();
        const key = Math.floor((event.clientX - box.left - this.left) / this.cell);
        const query = Math.floor((event.clientY - box.top - this.top) / this.cell);
        if (this.weights[query]?.[key] !== undefined) this.choose(query, key);
      };
      this.grid.addEventListener("pointermove", point);
      this.grid.addEventListener("pointerdown", point);
      this.grid.addEventListener("keydown", (event) => this.step(event));
    }

    step(event) {
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const [down, right] = steps[event.key];
      const within = (value, count) => Math.max(0, Math.min(count - 1, value));
      this.choose(within(this.query + down, this.queries.length), within(this.key + right, this.tokens.length));
    }

    choose(query, key) {
      [this.query, this.key] = [query, key];
      const y = this.top + query * this.cell;
      this.rowOutline.setAttribute("y", y);
      this.cellOutline.setAttribute("y", y);
      this.cellOutline.setAttribute("x", this.left + key * this.cell);
      this.rows.forEach((label, index) => label.classList.toggle("chosen", index === query));
      this.columns.forEach((label, index) => label.classList.toggle("chosen", index === key));
      this.words.forEach((word, index) => {
        word.style.setProperty("--weight", this.weights[query][index] ?? 0);
        word.classList.toggle("chosen", index === query && this.queries === this.tokens);
      });
      const weight = this.weights[query][key];
      const verb = weight === null ? "may not look" : "looks";
      const much = weight === null ? "" : `: ${percent(weight)}`;
      this.reading.textContent = `${quoted(this.queries[query])} ${verb} at ${quoted(this.tokens[key])}${much}`;
    }
  }

  widget.register("heatmap", (figure, data) => new Heatmap(figure, data));
})();
