/* A next-token distribution and the three knobs that reshape it: temperature, top-k, top-p, in this order.
 *
 * Data:
 *   {"cases": [{"name": "She drank a cup of …",      one distribution each; the reader chooses
 *               "head": [[" coffee", 9.31], …],       the most probable tokens and their logits, one bar each
 *               "tail": [[2.17, 3], …]}]}             the logits of all others, and how many tokens have each
 *
 * Both lists fall; of equal logits the earlier one comes first. The arithmetic is that of lib/sampling.py, in float64. */
"use strict";

(() => {
  const OFF = Infinity; // no top-k
  const TOP_K = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 100, 200, 500, 1000, OFF];

  const percent = (p) => `${(100 * p).toFixed(1)} %`;
  const grouped = (count) => count.toLocaleString("en");
  const printed = (token) => token.replaceAll("\n", "↵") || "␣";

  /* Return for each level, a logit that `count` tokens have, how many are kept and the probability of each of those. */
  function reshape(levels, temperature, topK, topP) {
    const highest = levels[0].logit;
    let kept = levels.map(({ logit, count }) => (temperature > 0 || logit === highest ? count : 0));
    const weights = levels.map(({ logit }) => (temperature > 0 ? Math.exp((logit - highest) / temperature) : 1));
    let room = topK;
    kept = kept.map((count) => {
      const stays = Math.min(count, room);
      room -= stays;
      return stays;
    });
    kept = nucleus(kept, weights, topP);
    const total = sum(kept.map((count, level) => count * weights[level]));
    return kept.map((count, level) => ({ count, p: count > 0 ? weights[level] / total : 0 }));
  }

  /* Return how many tokens of each level are among the fewest that reach topP: those before which less was reached. */
  function nucleus(kept, weights, topP) {
    if (topP === 1) return kept;
    const total = sum(kept.map((count, level) => count * weights[level]));
    let before = 0;
    return kept.map((count, level) => {
      const p = weights[level] / total;
      const inside = before >= topP ? 0 : Math.min(count, Math.ceil((topP - before) / p));
      before += count * p;
      return level === 0 ? Math.max(1, inside) : inside;
    });
  }

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  class Sampler {
    constructor(figure, data) {
      this.cases = data.cases;
      this.rows = Array.from({ length: Math.max(...data.cases.map(({ head }) => head.length)) }, () => this.row());
      this.bars = widget.html("div", { class: "sampler-bars", role: "list" }, ...this.rows.map((row) => row.line));
      this.reading = widget.html("output", { class: "sampler-reading", "aria-live": "polite" });
      const names = data.cases.map(({ name }) => name);
      const choice = widget.select("What follows", names, (index) => this.choose(index));
      figure.prepend(choice, this.controls(), this.bars, this.reading);
      this.choose(0);
    }

    row() {
      const [word, share] = ["word", "share"].map((part) => widget.html("span", { class: `sampler-${part}` }));
      const [fill, model] = ["fill", "model"].map((part) => widget.html("span", { class: `sampler-${part}` }));
      const track = widget.html("span", { class: "sampler-track", "aria-hidden": "true" }, fill, model);
      const line = widget.html("div", { class: "sampler-row", role: "listitem" }, word, track, share);
      return { line, word, share, fill, model };
    }

    controls() {
      const last = TOP_K.length - 1;
      this.temperature = this.slider("Temperature", { min: 0, max: 2, step: 0.05, value: 1 }, (t) => t.toFixed(2));
      this.topK = this.slider("Top-k", { min: 0, max: last, step: 1, value: last }, (at) => (at < last ? grouped(TOP_K[at]) : "off"));
      this.topP = this.slider("Top-p", { min: 0, max: 1, step: 0.01, value: 1 }, (p) => (p < 1 ? p.toFixed(2) : "off"));
      const reset = widget.html("button", { type: "button" }, "Reset");
      reset.addEventListener("click", () => {
        [this.temperature, this.topK, this.topP].forEach((slider) => slider.reset());
        this.show();
      });
      const labels = [this.temperature, this.topK, this.topP].map((slider) => slider.label);
      return widget.html("div", { class: "sampler-controls" }, ...labels, reset);
    }

    slider(name, range, written) {
      const input = widget.html("input", { type: "range", ...range });
      const value = widget.html("span", { class: "sampler-value" });
      const write = () => {
        value.textContent = written(Number(input.value));
        input.setAttribute("aria-valuetext", value.textContent);
      };
      input.addEventListener("input", () => { write(); this.show(); });
      write();
      const reset = () => { input.value = range.value; write(); };
      const label = widget.html("label", { class: "sampler-slider" }, `${name}: `, value, input);
      return { label, input, reset };
    }

    choose(index) {
      const { head, tail } = this.cases[index];
      this.head = head;
      this.levels = [...head.map(([, logit]) => ({ logit, count: 1 })), ...tail.map(([logit, count]) => ({ logit, count }))];
      this.model = reshape(this.levels, 1, OFF, 1);
      this.show();
    }

    show() {
      const [temperature, at, topP] = [this.temperature, this.topK, this.topP].map(({ input }) => Number(input.value));
      const shaped = reshape(this.levels, temperature, TOP_K[at], topP);
      const longest = Math.max(shaped[0].p, this.model[0].p);
      this.rows.forEach((row, rank) => {
        row.line.hidden = rank >= this.head.length;
        if (row.line.hidden) return;
        const { count, p } = shaped[rank];
        row.word.textContent = printed(this.head[rank][0]);
        row.share.textContent = count > 0 ? percent(p) : "out";
        row.line.classList.toggle("out", count === 0);
        row.fill.style.width = `${(100 * p) / longest}%`;
        row.model.style.left = `${(100 * this.model[rank].p) / longest}%`;
      });
      this.read(shaped);
    }

    /* How many tokens are left, what the bars do not show, and the entropy in nats. */
    read(shaped) {
      const [kept, all] = [shaped, this.levels].map((levels) => sum(levels.map(({ count }) => count)));
      const others = sum(shaped.slice(this.head.length).map(({ count, p }) => count * p));
      const entropy = sum(shaped.map(({ count, p }) => (p > 0 ? -count * p * Math.log(p) : 0)));
      const parts = [`${grouped(kept)} of ${grouped(all)} tokens kept`, `without a bar: ${percent(others)}`];
      this.reading.textContent = [...parts, `entropy: ${entropy.toFixed(2)} nats`].join(" · ");
    }
  }

  widget.register("sampler", (figure, data) => new Sampler(figure, data));
})();
