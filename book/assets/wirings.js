/* Wirings: which inputs an output of a model can depend on, for several models, one chosen at a time.
 *
 * Data:
 *   {
 *     "wirings": [{"name": "decoder (GPT)",
 *                  "inputs": [["the", "dog"]],      one list a sequence; they stand side by side, with a gap
 *                  "outputs": ["dog", "bit"],       what stands above the tokens of the last sequence
 *                  "uses": [[1, 0], [1, 1]]}],      uses[output][input]: 1 where the input can change the output
 *     "wiring": 0, "output": 1                      what is chosen first; output 0 when left out
 *   }
 *
 * Point at an output, tap it, or move with the arrow keys: its inputs light up, and the line below reads them out. */
"use strict";

(() => {
  const SMALLEST_CELL = 24, LARGEST_CELL = 60, BOX = 30, LINES = 74; // pixels
  const GAP = 0.5; // between two sequences, in cells

  class Wirings {
    constructor(figure, data) {
      this.wirings = data.wirings;
      this.wiring = this.wirings[data.wiring ?? 0];
      this.output = data.output ?? 0;
      this.frame = widget.html("div", { class: "wirings-frame" });
      this.reading = widget.html("output", { class: "wirings-reading", "aria-live": "polite" });
      const names = this.wirings.map((wiring) => wiring.name);
      this.choice = widget.select("Wiring:", names, (index) => {
        this.wiring = this.wirings[index];
        this.output = Math.min(this.output, this.wiring.outputs.length - 1);
        this.draw();
      });
      figure.prepend(this.choice, this.frame, this.reading);
      this.choice.querySelector("select").value = data.wiring ?? 0;
      this.draw();
      new ResizeObserver(() => this.frame.clientWidth === this.width || this.draw()).observe(this.frame);
    }

    /* Columns of the inputs; the outputs stand above those of the last sequence. */
    measure() {
      const { inputs } = this.wiring;
      const places = inputs.flatMap((tokens, sequence) => tokens.map((_, index) => {
        const before = inputs.slice(0, sequence).reduce((sum, row) => sum + row.length + GAP, 0);
        return before + index;
      }));
      this.width = this.frame.clientWidth;
      const columns = places[places.length - 1] + 1;
      // Below the smallest size the frame scrolls instead.
      this.cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, Math.floor(this.width / columns)));
      this.across = places.map((place) => (place + 0.5) * this.cell);
      this.above = this.across.slice(-this.wiring.outputs.length);
      this.right = columns * this.cell;
    }

    draw() {
      this.measure();
      const height = 2 * BOX + LINES + 4;
      this.drawing = widget.svg("svg", {
        width: this.right, height, tabindex: 0, role: "application", "aria-roledescription": "wiring",
        "aria-label": `${this.wiring.name}: ${this.wiring.outputs.length} outputs; move with the arrow keys`,
      });
      this.drawing.style.setProperty("--wirings-label", `${Math.min(13, 0.34 * this.cell)}px`);
      this.lines = this.wiring.uses.map((row, output) => row.map((_, input) => this.line(output, input)));
      this.boxes = this.wiring.inputs.flat().map((token, input) => this.box(token, this.across[input], BOX + LINES + 2));
      this.outputs = this.wiring.outputs.map((token, output) => this.box(token, this.above[output], 2));
      this.drawing.addEventListener("pointermove", (event) => this.point(event));
      this.drawing.addEventListener("pointerdown", (event) => this.point(event));
      this.drawing.addEventListener("keydown", (event) => this.step(event));
      this.frame.replaceChildren(this.drawing);
      this.choose(this.output);
    }

    line(output, input) {
      const [x, y, top, bottom] = [this.above[output], this.across[input], BOX + 2, BOX + LINES + 2];
      const middle = (top + bottom) / 2;
      const d = `M${x} ${top}C${x} ${middle} ${y} ${middle} ${y} ${bottom}`;
      const line = widget.svg("path", { class: "wirings-line", d });
      this.drawing.append(line);
      return line;
    }

    box(token, x, y) {
      const edges = { x: x - this.cell / 2 + 1, y, width: this.cell - 2, height: BOX, rx: 4 };
      const label = widget.svg("text", { x, y: y + BOX / 2 }, token);
      const box = widget.svg("g", { class: "wirings-box" }, widget.svg("rect", edges), label);
      this.drawing.append(box);
      return box;
    }

    point(event) {
      const x = event.clientX - this.drawing.getBoundingClientRect().left;
      const apart = this.above.map((place) => Math.abs(place - x));
      const nearest = apart.indexOf(Math.min(...apart));
      if (apart[nearest] <= this.cell / 2) this.choose(nearest);
    }

    step(event) {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!move) return;
      event.preventDefault();
      this.choose(Math.max(0, Math.min(this.outputs.length - 1, this.output + move)));
    }

    choose(output) {
      this.output = output;
      const uses = this.wiring.uses[output];
      this.outputs.forEach((box, index) => box.classList.toggle("chosen", index === output));
      this.boxes.forEach((box, input) => box.classList.toggle("lit", Boolean(uses[input])));
      this.lines.forEach((row, index) => row.forEach((line, input) => {
        line.classList.toggle("lit", index === output && Boolean(uses[input]));
      }));
      const tokens = this.wiring.inputs.flat();
      const lit = tokens.filter((_, input) => uses[input]);
      const count = `${lit.length} of ${tokens.length} inputs`;
      this.reading.textContent = `Output ${output}, “${this.wiring.outputs[output]}”, depends on ${count}: ${lit.join(" ")}`;
    }
  }

  widget.register("wirings", (figure, data) => new Wirings(figure, data));
})();
