/* Does it fit? The memory of one worker, in four ways to share a model out, against that of three cards.
 *
 * Data:
 *   {
 *     "precisions": [{"name": "16 bits, …",         what weights and gradients are kept in; the reader chooses
 *                     "stages": [{"name": "DDP",
 *                                 "parts": [["weights", 2, false], …]}]}],   bytes a parameter; divided among the workers?
 *     "sizes": [1.25e8, …], "workers": [1, 2, …], "tokens": [0, 512, …],     what the sliders go through
 *     "cards": [24, 80, 192],                        GB
 *     "kept": {"bytes": 34, "width": 128},           bytes a token, block and feature; features for each block
 *     "start": {"size": 7.5e9, "workers": 64, "tokens": 0}
 *   }
 *
 * A model of P parameters with L blocks of width D = width · L has P = 12 L D². The attribute data-totals holds the GB of the
 * four rows. Where only the input of each block is kept, that is 2 bytes a feature and block, and all of one block. */
"use strict";

(() => {
  const GB = 1e9;
  const EDGE = 1.15; // how far the scale goes beyond the largest card

  const short = (size) => (size < GB ? `${Math.round(size / 1e6)}M` : `${Number((size / GB).toPrecision(3))}B`);
  const amount = (gigabytes) => (gigabytes < 100 ? gigabytes.toFixed(1) : Math.round(gigabytes).toLocaleString("en"));

  class Fit {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      this.precision = data.precisions[0];
      this.edge = EDGE * Math.max(...data.cards);
      this.sliders = {
        size: this.slider("size", data.sizes, data.start.size),
        workers: this.slider("workers", data.workers, data.start.workers),
        tokens: this.slider("tokens", data.tokens, data.start.tokens),
      };
      const names = data.precisions.map((precision) => precision.name);
      const choice = widget.select("Kept in", names, (index) => {
        this.precision = data.precisions[index];
        this.show();
      });
      this.again = widget.html("input", { type: "checkbox" });
      this.again.addEventListener("change", () => this.show());
      const again = widget.html("label", { class: "fit-again" }, this.again, " keep only what enters each block, compute the rest again");
      const sliders = Object.values(this.sliders).map(({ label }) => label);
      const controls = widget.html("div", { class: "fit-controls" }, ...sliders, choice, again);
      this.rows = this.precision.stages.map(({ name }) => this.row(name));
      this.reading = widget.html("output", { class: "fit-reading", "aria-live": "polite" });
      const bars = widget.html("div", { class: "fit-bars" }, this.scale(), ...this.rows.map(({ element }) => element));
      figure.prepend(controls, bars, this.legend(), this.reading);
      this.show();
    }

    slider(name, values, value) {
      const input = widget.html("input", { type: "range", min: 0, max: values.length - 1, step: 1, value: values.indexOf(value) });
      const title = widget.html("span", { class: "fit-title" });
      input.addEventListener("input", () => this.show());
      const label = widget.html("label", { class: `fit-slider fit-${name}` }, title, input);
      return { title, label, value: () => values[Number(input.value)] };
    }

    place(gigabytes) {
      return `${Math.min(100, (100 * gigabytes) / this.edge).toFixed(3)}%`;
    }

    lines() {
      return this.data.cards.map((card) => widget.html("i", { class: "fit-line", style: `left: ${this.place(card)}` }));
    }

    scale() {
      const marks = this.data.cards.map((card) => {
        return widget.html("span", { style: `left: ${this.place(card)}` }, `${card} GB`);
      });
      return widget.html("div", { class: "fit-scale", "aria-hidden": "true" }, ...marks);
    }

    row(name) {
      const bar = widget.html("div", { class: "fit-bar" });
      const total = widget.html("span", { class: "fit-total" });
      const title = widget.html("span", { class: "fit-name" }, name);
      const track = widget.html("div", { class: "fit-track", "aria-hidden": "true" }, bar, ...this.lines());
      return { bar, total, element: widget.html("div", { class: "fit-row" }, title, total, track) };
    }

    legend() {
      const names = [...this.precision.stages[0].parts.map(([name]) => name), "activations"];
      const entries = names.map((name, index) => {
        return widget.html("span", {}, widget.html("span", { class: `fit-sample fit-part-${index}` }), ` ${name}`);
      });
      return widget.html("div", { class: "fit-legend", "aria-hidden": "true" }, ...entries);
    }

    /* What the forward pass leaves behind for the backward pass, in GB. */
    activations() {
      const { bytes, width } = this.data.kept;
      const features = Math.cbrt((this.sliders.size.value() * width) / 12);
      const blocks = features / width;
      const each = this.again.checked ? 2 * features * blocks + bytes * features : bytes * features * blocks;
      return (each * this.sliders.tokens.value()) / GB;
    }

    parts(stage) {
      const billions = this.sliders.size.value() / GB;
      const workers = this.sliders.workers.value();
      const states = stage.parts.map(([, each, divided]) => (billions * each) / (divided ? workers : 1));
      return [...states, this.activations()];
    }

    show() {
      const [size, workers, tokens] = Object.values(this.sliders).map((slider) => slider.value());
      this.sliders.size.title.textContent = `parameters: ${short(size)}`;
      this.sliders.workers.title.textContent = `workers: ${workers.toLocaleString("en")}`;
      this.sliders.tokens.title.textContent = `tokens a worker: ${tokens.toLocaleString("en")}`;
      const totals = this.rows.map((row, index) => this.draw(row, this.parts(this.precision.stages[index])));
      this.figure.dataset.totals = totals.map((total) => total.toFixed(6)).join(" ");
      const said = totals.map((total, index) => `${this.precision.stages[index].name} ${amount(total)} GB`);
      this.reading.textContent = `${short(size)} parameters, ${workers.toLocaleString("en")} workers: ${said.join(", ")}.`;
    }

    draw(row, parts) {
      const total = parts.reduce((sum, part) => sum + part, 0);
      let from = 0;
      const pieces = parts.map((part, index) => {
        const [left, right] = [Math.min(from, this.edge), Math.min(from + part, this.edge)];
        from += part;
        return widget.html("span", { class: `fit-part-${index}`, style: `width: ${this.place(right - left)}` });
      });
      row.bar.replaceChildren(...pieces);
      row.bar.classList.toggle("fit-beyond", total > this.edge);
      const card = this.data.cards.find((size) => total <= size);
      row.total.textContent = `${amount(total)} GB, ${card ? `fits ${card}` : "fits none"}`;
      return total;
    }
  }

  widget.register("fit", (figure, data) => new Fit(figure, data));
})();
