/* Bands and rows: which of the real pairs of similar texts share a band of their signatures, and which are missed.
 *
 * Data:
 *   {
 *     "values": 128,                     numbers in a signature
 *     "pairs": [[0.83, "ff0c…"], …],     pairs of known similarity: it, and in which values the two signatures agree, in
 *                                        hexadecimal, the first value first
 *     "others": [[17], [3, 90], …],      of every other pair that agrees anywhere: in which values
 *     "rows": 4, "wanted": 0.8           where the reader starts, with as many bands as fit
 *   }
 *
 * Band k holds the values k·r to k·r + r − 1. A pair is a candidate when it agrees in all values of a band, as in
 * lib/minhash.py. The figure's attributes data-found, data-missed, data-candidates and data-chance hold what is read out. */
"use strict";

(() => {
  const ROWS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 21, 32, 64, 128];
  const WIDTH = 360;
  const HEIGHT = 220;
  const FRAME = { left: 34, right: 8, top: 18, bottom: 36 };
  const LOWEST = 0.1;
  const BIN = 0.05;
  const BINS = Math.round((1 - LOWEST) / BIN);

  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

  /* A list of true and false, from hexadecimal digits. */
  const bits = (digits) => [...digits].flatMap((digit) => [8, 4, 2, 1].map((bit) => (parseInt(digit, 16) & bit) > 0));

  /* How many values agree in each run up to here, so that a band is looked up at its last value. */
  function runs(agrees) {
    let length = 0;
    return agrees.map((one) => (length = one ? length + 1 : 0));
  }

  function shareBand(run, bands, rows) {
    for (let band = 1; band <= bands; band += 1) if (run[band * rows - 1] >= rows) return true;
    return false;
  }

  class Bands {
    constructor(figure, data) {
      this.figure = figure;
      this.values = data.values;
      this.pairs = data.pairs.map(([similarity, digits]) => ({ similarity, run: runs(bits(digits)) }));
      this.others = data.others.map((places) => {
        const agrees = Array(this.values).fill(false);
        places.forEach((place) => (agrees[place] = true));
        return runs(agrees);
      });
      this.rows = this.slider("rows", 0, ROWS.length - 1, ROWS.indexOf(data.rows));
      this.bands = this.slider("bands", 1, this.values, 1);
      this.wanted = this.slider("wanted", 10, 20, Math.round(20 * data.wanted));
      this.whole = widget.html("input", { type: "checkbox", checked: "" });
      this.bands.input.addEventListener("input", () => (this.whole.checked = false));
      this.whole.addEventListener("change", () => this.show());
      [this.rows, this.bands, this.wanted].forEach(({ input }) => input.addEventListener("input", () => this.show()));
      const whole = widget.html("label", { class: "bands-whole" }, this.whole, ` as many bands as ${this.values} values give`);
      const controls = widget.html("div", { class: "bands-controls" });
      controls.append(this.rows.label, this.bands.label, this.wanted.label, whole);
      this.reading = widget.html("output", { class: "bands-reading", "aria-live": "polite" });
      figure.prepend(controls, this.plot(), this.legend(), this.reading);
      this.show();
    }

    slider(name, min, max, value) {
      const input = widget.html("input", { type: "range", min, max, step: 1, value });
      const title = widget.html("span", { class: "bands-title" });
      return { input, title, label: widget.html("label", { class: `bands-slider bands-${name}` }, title, input) };
    }

    x(similarity) {
      const inside = WIDTH - FRAME.left - FRAME.right;
      return FRAME.left + (inside * (similarity - LOWEST)) / (1 - LOWEST);
    }

    y(share) {
      return HEIGHT - FRAME.bottom - (HEIGHT - FRAME.top - FRAME.bottom) * share;
    }

    plot() {
      const svg = widget.svg("svg", { class: "bands-plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
      for (const share of [0, 0.5, 1]) {
        svg.append(widget.svg("path", { class: "bands-grid", d: `M${FRAME.left} ${this.y(share)}H${WIDTH - FRAME.right}` }));
        svg.append(widget.svg("text", { x: FRAME.left - 5, y: this.y(share) + 4, "text-anchor": "end" }, String(share)));
      }
      for (const tenth of [2, 4, 6, 8, 10]) {
        const at = { x: this.x(tenth / 10), y: this.y(0) + 14, "text-anchor": "middle" };
        svg.append(widget.svg("text", at, String(tenth / 10)));
      }
      const names = [[this.x(0.55), HEIGHT - 6, "Jaccard similarity of a pair"], [this.x(0.55), 11, "chance to be found (curve), pairs (bars)"]];
      for (const [x, y, words] of names) svg.append(widget.svg("text", { x, y, "text-anchor": "middle" }, words));
      this.missed = widget.svg("path", { class: "bands-bar bands-missed" });
      this.found = widget.svg("path", { class: "bands-bar bands-found" });
      this.goal = widget.svg("path", { class: "bands-goal" });
      this.curve = widget.svg("path", { class: "bands-curve" });
      this.counts = widget.svg("g", { class: "bands-counts" });
      svg.append(this.missed, this.found, this.goal, this.curve, this.counts);
      return svg;
    }

    legend() {
      const sample = (name) => widget.html("span", { class: `bands-sample bands-sample-${name}` });
      const parts = [["found", "pairs found"], ["missed", "pairs missed"], ["curve", "1 − (1 − Jʳ)ᵇ"]];
      const entries = parts.map(([name, words]) => widget.html("span", {}, sample(name), ` ${words}`));
      return widget.html("div", { class: "bands-legend", "aria-hidden": "true" }, ...entries);
    }

    /* Bars of found pairs with the missed ones on top; heights grow with the root, or one bar would hide the others. */
    bars(found) {
      const bins = Array.from({ length: BINS }, () => ({ all: 0, found: 0 }));
      this.pairs.forEach(({ similarity }, index) => {
        const bin = bins[clamp(Math.floor((similarity - LOWEST) / BIN + 1e-9), 0, BINS - 1)];
        bin.all += 1;
        if (found[index]) bin.found += 1;
      });
      const most = Math.sqrt(Math.max(...bins.map(({ all }) => all)));
      const bar = (from, to, n) => {
        const [left, right] = [this.x(LOWEST + BIN * n) + 1, this.x(LOWEST + BIN * (n + 1)) - 1];
        return from < to ? `M${left} ${this.y(from)}V${this.y(to)}H${right}V${this.y(from)}Z` : "";
      };
      const height = (all) => (0.9 * Math.sqrt(all)) / most;
      const split = ({ all, found: some }) => (all ? (height(all) * some) / all : 0);
      this.found.setAttribute("d", bins.map((bin, n) => bar(0, split(bin), n)).join(""));
      this.missed.setAttribute("d", bins.map((bin, n) => bar(split(bin), height(bin.all), n)).join(""));
      const label = ({ all }, n) => {
        const at = { x: this.x(LOWEST + BIN * (n + 0.5)), y: this.y(height(all)) - 3, "text-anchor": "middle" };
        return widget.svg("text", at, String(all));
      };
      this.counts.replaceChildren(...bins.flatMap((bin, n) => (bin.all ? [label(bin, n)] : [])));
    }

    chance(similarity, bands, rows) {
      return 1 - (1 - similarity ** rows) ** bands;
    }

    show() {
      const rows = ROWS[Number(this.rows.input.value)];
      const most = Math.floor(this.values / rows);
      this.bands.input.max = most;
      if (this.whole.checked) this.bands.input.value = most;
      const bands = clamp(Number(this.bands.input.value), 1, most);
      const wanted = Number(this.wanted.input.value) / 20;
      this.rows.title.textContent = `rows r in a band: ${rows}`;
      this.bands.title.textContent = `bands b: ${bands}`;
      this.wanted.title.textContent = `wanted: J of ${wanted.toFixed(2)} or more`;
      const points = Array.from({ length: 181 }, (_, n) => LOWEST + ((1 - LOWEST) * n) / 180);
      const places = points.map((j) => `${this.x(j).toFixed(2)} ${this.y(this.chance(j, bands, rows)).toFixed(2)}`);
      this.curve.setAttribute("d", `M${places.join("L")}`);
      this.goal.setAttribute("d", `M${this.x(wanted)} ${this.y(0)}V${this.y(1)}`);
      const found = this.pairs.map(({ run }) => shareBand(run, bands, rows));
      this.bars(found);
      this.read(found, bands, rows, wanted);
    }

    read(found, bands, rows, wanted) {
      const good = this.pairs.map(({ similarity }) => similarity >= wanted - 1e-9);
      const hits = found.filter((one, n) => one && good[n]).length;
      const all = good.filter(Boolean).length;
      const candidates = found.filter(Boolean).length + this.others.filter((run) => shareBand(run, bands, rows)).length;
      const chance = this.chance(wanted, bands, rows);
      Object.assign(this.figure.dataset, { found: hits, missed: all - hits, candidates, chance: chance.toFixed(6) });
      const lost = all - hits ? `${all - hits} missed` : "none missed";
      const sentence = `${hits} of the ${count(all, "wanted pair")} found, ${lost}; ${count(candidates, "candidate")} to compare.`;
      this.reading.textContent = `${sentence} A pair of J = ${wanted.toFixed(2)} is found with probability ${chance.toFixed(3)}.`;
    }
  }

  widget.register("bands", (figure, data) => new Bands(figure, data));
})();
