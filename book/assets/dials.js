/* Phase dials: how far RoPE turns a query and a key, one clock for each pair of features, and the score they give.
 *
 * Data:
 *   {
 *     "angles": [[0, 0], [1, 0.1], ...],   angles[p][i]: by how much position p turns pair i, in radians
 *     "cases":  [{"name": "alike",         what query and key hold; the reader chooses when there are several
 *                 "query": [0, 0],         where the hands of the query stand at position 0, in radians
 *                 "key": [0, 0],           those of the key
 *                 "scores": [...]}],       the score at the distances -P to P, P the last position; from -1 to 1
 *     "query": 12, "key": 7                where the two stand first
 *   }
 *
 * A hand starts at twelve and turns clockwise. Two sliders move query and key; "keep the distance" moves both. The
 * curve below marks the score at the distance chosen, and the line under it reads everything out. */
"use strict";

(() => {
  const TURN = 2 * Math.PI;
  const degrees = (angle) => (angle * 360) / TURN;
  const signed = (number, digits) => number.toFixed(digits).replace("-", "−");
  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

  /* A whole number with its thousands apart, or one decimal where it is small. */
  const length = (tokens) => (tokens < 100 ? tokens.toFixed(1) : Math.round(tokens).toLocaleString("en"));

  /* The slice between two hands, on its shorter side. */
  function slice(from, to, radius) {
    const turn = (((to - from) % TURN) + TURN) % TURN;
    const [start, sweep] = turn > Math.PI ? [to, TURN - turn] : [from, turn];
    const point = (angle) => `${radius * Math.sin(angle)} ${-radius * Math.cos(angle)}`;
    return `M0 0L${point(start)}A${radius} ${radius} 0 0 1 ${point(start + sweep)}Z`;
  }

  class Dials {
    constructor(figure, data) {
      this.angles = data.angles;
      this.last = data.angles.length - 1;
      this.case = data.cases[0];
      this.at = { query: data.query, key: data.key };
      this.dials = data.angles[1].map((speed) => this.dial(TURN / speed));
      this.sliders = { query: this.slider("query"), key: this.slider("key") };
      this.keep = widget.html("input", { type: "checkbox" });
      this.reading = widget.html("output", { class: "dials-reading", "aria-live": "polite" });
      const keep = widget.html("label", { class: "dials-keep" }, this.keep, " keep the distance");
      const controls = widget.html("div", { class: "dials-controls" });
      controls.append(this.sliders.query.label, this.sliders.key.label, keep);
      const faces = widget.html("div", { class: "dials-faces" }, ...this.dials.map((dial) => dial.face));
      const parts = [controls, faces, this.curve(), this.reading];
      if (data.cases.length > 1) parts.unshift(this.choice(data.cases));
      figure.prepend(...parts);
      this.draw();
    }

    choice(cases) {
      return widget.select("Query and key:", cases.map((each) => each.name), (index) => {
        this.case = cases[index];
        this.draw();
      });
    }

    dial(wave) {
      const hand = (name, end) => widget.svg("line", { class: `dials-hand dials-${name}`, y2: end });
      const parts = { slice: widget.svg("path", { class: "dials-slice" }) };
      Object.assign(parts, { key: hand("key", -42), query: hand("query", -34) });
      const ring = widget.svg("circle", { class: "dials-ring", r: 47 });
      const twelve = widget.svg("line", { class: "dials-ring", y1: -47, y2: -41 });
      const drawing = { viewBox: "-50 -50 100 100", "aria-hidden": "true" };
      const picture = widget.svg("svg", drawing, parts.slice, ring, twelve, parts.key, parts.query);
      const cosine = widget.html("span", { class: "dials-cosine" });
      const turn = widget.html("span", { class: "dials-wave" }, `↻ ${length(wave)}`);
      return { ...parts, cosine, face: widget.html("div", { class: "dials-face" }, picture, cosine, turn) };
    }

    slider(name) {
      const input = widget.html("input", { type: "range", min: 0, max: this.last, step: 1 });
      const value = widget.html("span", { class: "dials-value" });
      input.addEventListener("input", () => this.move(name, Number(input.value)));
      const title = widget.html("span", { class: `dials-name dials-name-${name}` }, `${name} at `, value);
      return { input, value, label: widget.html("label", { class: "dials-slider" }, title, input) };
    }

    move(name, place) {
      const other = name === "query" ? "key" : "query";
      if (this.keep.checked) {
        const gap = this.at[other] - this.at[name];
        place = clamp(place, Math.max(0, -gap), this.last - Math.max(0, gap));
        this.at[other] = place + gap;
      }
      this.at[name] = place;
      this.show();
    }

    /* Score against distance; the words stand beside the drawing, so that it may stretch. */
    curve() {
      this.line = widget.svg("path", { class: "dials-line" });
      this.mark = widget.svg("path", { class: "dials-mark" });
      const axes = widget.svg("path", { class: "dials-axis", d: `M0 1H${2 * this.last}M${this.last} 0V2` });
      const box = { viewBox: `0 -0.1 ${2 * this.last} 2.2`, preserveAspectRatio: "none", "aria-hidden": "true" };
      const drawing = widget.svg("svg", box, axes, this.line, this.mark);
      const words = [`key ${this.last} after`, "score at each distance", `key ${this.last} before`];
      const below = widget.html("div", { class: "dials-words" }, ...words.map((word) => widget.html("span", {}, word)));
      return widget.html("div", { class: "dials-curve" }, drawing, below);
    }

    draw() {
      const points = this.case.scores.map((score, index) => `${index} ${1 - score}`);
      this.line.setAttribute("d", `M${points.join("L")}`);
      this.show();
    }

    show() {
      for (const [name, { input, value }] of Object.entries(this.sliders)) {
        input.value = this.at[name];
        value.textContent = this.at[name];
      }
      this.dials.forEach((dial, pair) => {
        const query = this.case.query[pair] + this.angles[this.at.query][pair];
        const key = this.case.key[pair] + this.angles[this.at.key][pair];
        dial.query.setAttribute("transform", `rotate(${degrees(query)})`);
        dial.key.setAttribute("transform", `rotate(${degrees(key)})`);
        dial.slice.setAttribute("d", slice(key, query, 34));
        dial.cosine.textContent = `cos ${signed(Math.cos(query - key), 2)}`;
      });
      this.read();
    }

    read() {
      const { query, key } = this.at;
      const distance = query - key;
      const score = this.case.scores[distance + this.last];
      this.mark.setAttribute("d", `M${distance + this.last} ${1 - score}h0`);
      const apart = `key at ${key}, ${Math.abs(distance)} ${distance > 0 ? "before" : "after"} it`;
      const places = distance === 0 ? `Query and key at ${query}` : `Query at ${query}, ${apart}`;
      const mean = `the mean of the ${this.dials.length} cosines`;
      this.reading.textContent = `${places}: score ${signed(score, 2)}, ${mean}`;
    }
  }

  widget.register("dials", (figure, data) => new Dials(figure, data));
})();
