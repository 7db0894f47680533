/* Six objectives, one loss: logits, probabilities, target, loss and gradient, worked with two sliders.
 *
 * Data:
 *   {"cases": [{"name": "next token, after …",     one objective each; the reader chooses
 *               "labels": ["o", "a", …],             the candidates
 *               "logits": [3.1, 2.9, …],             their scores; cosines where there is a temperature
 *               "target": 0,                         which of them is right
 *               "smoothing": 0.1,                    ε at first, where the case has one
 *               "temperature": 0.07}]}               or τ at first, where it has one
 *
 * The first slider adds to the score of the right candidate. The arithmetic is that of lib/cross_entropy.py. */
"use strict";

(() => {
  const TAUS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 1];
  const EPSILONS = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5];

  const signed = (number, digits) => (number < 0 ? "−" : "+") + Math.abs(number).toFixed(digits);
  const percent = (p) => `${(100 * p).toFixed(1)} %`;
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  /* Return target, log-probabilities, loss and gradient by the scores, each divided by the temperature already. */
  function crossEntropy(scores, right, smoothing) {
    const highest = Math.max(...scores);
    const normaliser = highest + Math.log(sum(scores.map((score) => Math.exp(score - highest))));
    const target = scores.map((_, n) => (n === right ? 1 - smoothing : 0) + smoothing / scores.length);
    const logP = scores.map((score) => score - normaliser);
    const p = logP.map(Math.exp);
    const loss = -sum(target.map((share, n) => share * logP[n]));
    return { p, target, loss, gradient: p.map((each, n) => each - target[n]) };
  }

  class SixLosses {
    constructor(figure, data) {
      this.cases = data.cases;
      const most = Math.max(...data.cases.map(({ labels }) => labels.length));
      this.rows = Array.from({ length: most }, () => this.row());
      this.push = this.slider("Right answer's score", { min: -8, max: 8, step: 0.5 });
      this.knob = this.slider("", { min: 0, step: 1 });
      const controls = widget.html("div", { class: "six-controls" }, this.push.label, this.knob.label);
      const bars = widget.html("div", { class: "six-bars", role: "list" }, this.head(), ...this.rows.map(({ line }) => line));
      this.reading = widget.html("output", { class: "six-reading", "aria-live": "polite" });
      const names = data.cases.map(({ name }) => name);
      const choice = widget.select("Objective:", names, (index) => this.choose(index));
      figure.prepend(choice, controls, this.reading, bars);
      this.choose(0);
    }

    head() {
      const words = ["", "probability", "", "gradient", ""].map((word) => widget.html("span", {}, word));
      return widget.html("div", { class: "six-row six-head", "aria-hidden": "true" }, ...words);
    }

    row() {
      const part = (name, ...children) => widget.html("span", { class: `six-${name}` }, ...children);
      const parts = { name: part("name"), share: part("share"), slope: part("slope"), fill: part("fill") };
      Object.assign(parts, { mark: part("mark"), pull: part("pull") });
      const hidden = [part("track", parts.fill, parts.mark), part("track", part("zero"), parts.pull)];
      hidden.forEach((track) => track.setAttribute("aria-hidden", "true"));
      const cells = [parts.name, hidden[0], parts.share, hidden[1], parts.slope];
      return { ...parts, line: widget.html("div", { class: "six-row", role: "listitem" }, ...cells) };
    }

    slider(name, range) {
      const input = widget.html("input", { type: "range", ...range });
      const value = widget.html("span", { class: "six-value" });
      const title = widget.html("span", {}, name);
      input.addEventListener("input", () => this.show());
      return { input, value, title, label: widget.html("label", { class: "six-slider" }, title, " ", value, input) };
    }

    choose(index) {
      this.case = this.cases[index];
      this.steps = "temperature" in this.case ? TAUS : EPSILONS;
      const start = this.case.temperature ?? this.case.smoothing;
      this.knob.label.hidden = start === undefined;
      this.knob.title.textContent = "temperature" in this.case ? "Temperature τ" : "Smoothing ε";
      this.knob.input.max = this.steps.length - 1;
      this.knob.input.value = Math.max(0, this.steps.indexOf(start ?? 0));
      this.push.input.value = 0;
      this.show();
    }

    /* A cosine moves by a twentieth of what a logit moves. */
    show() {
      const { labels, logits, target: right } = this.case;
      const cosines = "temperature" in this.case;
      const moved = Number(this.push.input.value) * (cosines ? 0.05 : 1);
      const setting = this.steps[Number(this.knob.input.value)];
      const raised = logits.map((logit, n) => (n === right ? logit + moved : logit));
      const scores = raised.map((logit) => (cosines ? logit / setting : logit));
      const found = crossEntropy(scores, right, cosines ? 0 : setting);
      this.push.value.textContent = `${raised[right].toFixed(2).replace("-", "−")} (${signed(moved, 2)})`;
      this.push.input.setAttribute("aria-valuetext", this.push.value.textContent);
      this.knob.value.textContent = setting;
      this.knob.input.setAttribute("aria-valuetext", setting);
      this.rows.forEach((row, n) => {
        row.line.hidden = n >= labels.length;
        if (!row.line.hidden) this.fill(row, n, labels[n], found);
      });
      const total = sum(found.gradient).toFixed(3).replace("-0.000", "0.000");
      this.reading.textContent = `loss ${found.loss.toFixed(4)} nats · gradient sums to ${total}`;
    }

    fill(row, n, label, { p, target, gradient }) {
      row.line.classList.toggle("right", n === this.case.target);
      row.name.textContent = label;
      row.share.textContent = percent(p[n]);
      row.slope.textContent = signed(gradient[n], 3);
      row.fill.style.width = `${100 * p[n]}%`;
      row.mark.style.left = `${100 * target[n]}%`;
      const half = 50 * gradient[n];
      row.pull.style.left = `${50 + Math.min(0, half)}%`;
      row.pull.style.width = `${Math.abs(half)}%`;
      row.pull.classList.toggle("down", gradient[n] > 0);
    }
  }

  widget.register("sixlosses", (figure, data) => new SixLosses(figure, data));
})();
