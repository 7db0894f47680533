/* The scheduler: who stands in which slot, step by step, with static and with continuous batching.
 *
 * Data:
 *   {
 *     "arrivals": [0, 2, …],             the step in which each request comes
 *     "lengths": [24, 3, …],             how many steps it takes: one for its prompt, then one a token
 *     "schedules": [
 *       { "slots": 1, "continuous": false,
 *         "blocks": [[0, 0, 24], …],     of each request: slot, first step, step behind the last
 *         "seconds": 9.1, "wait": 3.4, "rate": 14.2 },   till all is done, mean wait, tokens a second
 *       …
 *     ],
 *     "slots": 3, "continuous": false    where the reader starts
 *   }
 *
 * Everything is computed by the page; this script only draws. A block's attributes data-request, data-slot, data-start and
 * data-end, and the figure's data-seconds, data-wait and data-rate, hold what is shown. */
"use strict";

(() => {
  const WIDTH = 380;
  const LEFT = 40;
  const TOP = 6;
  const LANE = 20;
  const FOOT = 30;
  const MODES = ["static", "continuous"];

  class Scheduler {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      const all = data.schedules.map(({ slots }) => slots);
      this.most = Math.max(...all);
      this.last = Math.max(...data.schedules.flatMap(({ blocks }) => blocks.map(([, , end]) => end)));
      this.mode = data.continuous ? 1 : 0;
      this.title = widget.html("span", { class: "scheduler-title" });
      this.slots = widget.html("input", { type: "range", min: Math.min(...all), max: this.most, step: 1, value: data.slots });
      this.slots.addEventListener("input", () => this.show());
      const choose = widget.select("batching", MODES, (index) => {
        this.mode = index;
        this.show();
      });
      choose.querySelector("select").value = this.mode;
      const slider = widget.html("label", { class: "scheduler-slider" }, this.title, this.slots);
      this.reading = widget.html("output", { class: "scheduler-reading", "aria-live": "polite" });
      figure.prepend(widget.html("div", { class: "scheduler-controls" }, slider, choose), this.plot(), this.legend(), this.reading);
      this.show();
    }

    x(step) {
      return LEFT + ((WIDTH - LEFT - 4) * step) / this.last;
    }

    plot() {
      const bottom = TOP + LANE * this.most;
      const svg = widget.svg("svg", { class: "scheduler-plot", viewBox: `0 0 ${WIDTH} ${bottom + FOOT}`, "aria-hidden": "true" });
      for (let step = 0; step <= this.last; step += 20) {
        svg.append(widget.svg("path", { class: "scheduler-grid", d: `M${this.x(step)} ${TOP}V${bottom}` }));
        svg.append(widget.svg("text", { x: this.x(step), y: bottom + 13, "text-anchor": "middle" }, String(step)));
      }
      svg.append(widget.svg("text", { x: (LEFT + WIDTH) / 2, y: bottom + 26, "text-anchor": "middle" }, "step"));
      this.names = widget.svg("g");
      this.blocks = widget.svg("g");
      svg.append(this.names, this.blocks);
      return svg;
    }

    legend() {
      const sample = (name) => widget.html("span", { class: `scheduler-sample scheduler-${name}` });
      const parts = [["prefill", "reads its prompt"], ["decode", "writes a token a step"], ["ended", "has ended, slot not yet free"]];
      const entries = parts.map(([name, words]) => widget.html("span", {}, sample(name), ` ${words}`));
      return widget.html("div", { class: "scheduler-legend", "aria-hidden": "true" }, ...entries);
    }

    bar(name, lane, from, to) {
      const [x, y] = [this.x(from), TOP + LANE * lane + 2];
      return widget.svg("rect", { class: `scheduler-${name}`, x, y, width: this.x(to) - x, height: LANE - 4 });
    }

    block([lane, start, end], request, free) {
      const known = { "data-request": request, "data-slot": lane, "data-start": start, "data-end": end };
      const group = widget.svg("g", { class: "scheduler-block", ...known });
      group.append(this.bar("prefill", lane, start, start + 1), this.bar("decode", lane, start + 1, end));
      if (free > end) group.append(this.bar("ended", lane, end, free));
      if (end - start > 7) {
        const at = { x: this.x((start + 1 + end) / 2), y: TOP + LANE * lane + 14, "text-anchor": "middle" };
        group.append(widget.svg("text", at, String(request + 1)));
      }
      return group;
    }

    /* The step from which another request may have this one's slot: with static batching when the whole batch has ended. */
    free([, start, end], blocks) {
      if (this.mode) return end;
      return Math.max(...blocks.filter(([, other]) => other === start).map(([, , last]) => last));
    }

    show() {
      const slots = Number(this.slots.value);
      const found = this.data.schedules.find((one) => one.slots === slots && one.continuous === Boolean(this.mode));
      this.title.textContent = `slots: ${slots}`;
      const name = (lane) => {
        const at = { x: LEFT - 5, y: TOP + LANE * lane + 14, "text-anchor": "end" };
        return widget.svg("text", at, `slot ${lane + 1}`);
      };
      this.names.replaceChildren(...Array.from({ length: slots }, (_, lane) => name(lane)));
      this.blocks.replaceChildren(...found.blocks.map((block, n) => this.block(block, n, this.free(block, found.blocks))));
      const { seconds, wait, rate } = found;
      Object.assign(this.figure.dataset, { seconds, wait, rate });
      const ends = `All ${this.data.lengths.length} requests are answered after ${seconds.toFixed(1)} seconds`;
      this.reading.textContent = `${ends}; they wait ${wait.toFixed(1)} seconds on average. ${rate.toFixed(1)} tokens a second.`;
    }
  }

  widget.register("scheduler", (figure, data) => new Scheduler(figure, data));
})();
