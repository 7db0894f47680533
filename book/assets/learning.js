/* Watch a language model learn: checkpoints of one run, each with its loss, a text it writes and its next character.
 *
 * Data:
 *   {"cases": [{"name": "English",                  a run each; the reader chooses when there are several
 *               "lang": "en",                         the language of its texts
 *               "prompt": "To be, or not to b",       what the bars continue
 *               "lines": [["uniform", 4.39], …],      losses to compare with, highest first
 *               "stops": [{"name": "300 steps",       a checkpoint
 *                          "loss": 2.48,              held out, in nats a character
 *                          "text": "Thou the …",      what it writes; it begins with nothing
 *                          "next": [["e", 0.41], …]   the most probable next characters, falling
 *                         }, …]}]}
 *
 * A slider moves from stop to stop. Its thumb stands below the stop's point on the curve. */
"use strict";

(() => {
  const percent = (p) => `${(100 * p).toFixed(1)} %`;
  const printed = (character) => ({ "\n": "↵", " ": "␣" })[character] ?? character;

  class Learning {
    constructor(figure, data) {
      this.input = widget.html("input", { type: "range", min: 0, step: 1, value: 0 });
      this.input.addEventListener("input", () => this.show());
      this.value = widget.html("span", { class: "learning-value" });
      const slider = widget.html("label", { class: "learning-slider" }, "Checkpoint: ", this.value, this.input);
      this.reading = widget.html("output", { class: "learning-reading", "aria-live": "polite" });
      this.text = widget.html("p", { class: "learning-text" });
      this.prompt = widget.html("p", { class: "learning-prompt" });
      const most = Math.max(...data.cases.flatMap(({ stops }) => stops.map(({ next }) => next.length)));
      this.rows = Array.from({ length: most }, () => this.row());
      const bars = widget.html("div", { class: "learning-bars", role: "list" }, ...this.rows.map(({ line }) => line));
      const next = widget.html("div", {}, this.prompt, bars);
      const parts = widget.html("div", { class: "learning-parts" }, this.text, next);
      const above = [this.curve(), slider, this.reading, parts];
      if (data.cases.length > 1) above.unshift(this.choice(data.cases));
      figure.prepend(...above);
      this.choose(data.cases[0]);
    }

    choice(cases) {
      return widget.select("Run:", cases.map(({ name }) => name), (index) => this.choose(cases[index]));
    }

    /* The drawing stretches, so its words are HTML beside it. */
    curve() {
      this.levels = widget.svg("path", { class: "learning-levels" });
      this.line = widget.svg("path", { class: "learning-line" });
      this.mark = widget.svg("path", { class: "learning-mark" });
      const box = { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" };
      this.names = widget.html("div", { class: "learning-names" });
      const drawing = widget.svg("svg", box, this.levels, this.line, this.mark);
      return widget.html("div", { class: "learning-curve" }, drawing, this.names);
    }

    row() {
      const part = (name, ...children) => widget.html("span", { class: `learning-${name}` }, ...children);
      const [character, fill, share] = [part("character"), part("fill"), part("share")];
      const track = part("track", fill);
      track.setAttribute("aria-hidden", "true");
      const line = widget.html("div", { class: "learning-row", role: "listitem" }, character, track, share);
      return { line, character, fill, share };
    }

    choose(run) {
      this.run = run;
      this.input.max = run.stops.length - 1;
      this.input.value = 0;
      this.text.lang = run.lang;
      this.prompt.lang = run.lang;
      this.prompt.textContent = `What follows “${run.prompt}”`;
      const losses = [...run.stops.map(({ loss }) => loss), ...run.lines.map(([, loss]) => loss)];
      const [low, high] = [Math.min(...losses), Math.max(...losses)];
      this.y = (loss) => 0.06 + (0.88 * (high - loss)) / (high - low);
      const point = ({ loss }, at) => `${at / (run.stops.length - 1)} ${this.y(loss)}`;
      this.points = run.stops.map(point);
      this.line.setAttribute("d", `M${this.points.join("L")}`);
      this.levels.setAttribute("d", run.lines.map(([, loss]) => `M0 ${this.y(loss)}H1`).join(""));
      const name = ([word, loss]) => {
        const text = widget.html("span", {}, `${word} ${loss.toFixed(2)}`);
        text.style.top = `${100 * this.y(loss)}%`;
        // The curve falls from the upper left to the lower right, and keeps away from the other two corners.
        text.classList.toggle("learning-left", loss < (low + high) / 2);
        return text;
      };
      this.names.replaceChildren(...run.lines.map(name));
      this.show();
    }

    show() {
      const at = Number(this.input.value);
      const { name, loss, text, next } = this.run.stops[at];
      this.value.textContent = name;
      this.input.setAttribute("aria-valuetext", name);
      this.mark.setAttribute("d", `M${this.points[at]}h0`);
      const bits = loss / Math.LN2;
      this.reading.textContent = `${loss.toFixed(3)} nats, ${bits.toFixed(2)} bits a character`;
      this.text.textContent = text;
      this.rows.forEach(({ line, character, fill, share }, rank) => {
        line.hidden = rank >= next.length;
        if (line.hidden) return;
        character.textContent = printed(next[rank][0]);
        fill.style.width = `${100 * next[rank][1]}%`;
        share.textContent = percent(next[rank][1]);
      });
    }
  }

  widget.register("learning", (figure, data) => new Learning(figure, data));
})();
