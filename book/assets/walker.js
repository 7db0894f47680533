/* Loss-surface walker: 60 steps of an optimiser on a surface with two parameters, and the loss at each.
 *
 * Data:
 *   {
 *     "surfaces": [{"name": "ravine",           one of SURFACES below, which knows the loss and its gradient
 *                   "title": "a ravine, …",     what the reader chooses
 *                   "frame": [-4, 4, -3, 3],    the least and the largest x, then y
 *                   "start": [-3.5, 1],
 *                   "contours": [[[x, y], …]]}],  lines of equal loss
 *     "rate": -1.5                              the logarithm (base 10) of the first learning rate
 *   }
 *
 * The steps are those of lib/optim.py. A click or the arrow keys move the start, and a finger can drag it. The figure's
 * attribute data-end holds the last point, or "none" where the numbers have overflowed. */
"use strict";

(() => {
  const STEPS = 60;
  const WIDTH = 320;
  const HEIGHT = 240;
  const SURFACES = {
    ravine: {
      lowest: 0,
      loss: (x, y) => (x * x + 25 * y * y) / 2,
      gradient: (x, y) => [x, 25 * y],
    },
    bend: {
      lowest: 0,
      loss: (x, y) => (1 - x) ** 2 + 10 * (y - x * x) ** 2,
      gradient: (x, y) => [2 * (x - 1) - 40 * x * (y - x * x), 20 * (y - x * x)],
    },
    saddle: {
      lowest: -1,
      loss: (x, y) => x * x - y * y + y ** 4 / 4,
      gradient: (x, y) => [2 * x, y ** 3 - 2 * y],
    },
  };
  const OPTIMISERS = ["SGD", "Adam, L2 in the gradient", "AdamW"];
  const MEMORY = [
    { name: "momentum μ", values: [0, 0.5, 0.8, 0.9, 0.95, 0.99], first: 0 },
    { name: "β₂", values: [0.5, 0.9, 0.95, 0.99, 0.999], first: 2 },
  ];
  const DECAY = [0, 0.01, 0.03, 0.1, 0.3, 1];
  const LOWEST_DECADE = -6;
  const DECADES = 8;
  const POWERS = { [-6]: "10⁻⁶", [-4]: "10⁻⁴", [-2]: "0.01", 0: "1", 2: "100" };

  const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
  const shown = (number) => Number(number.toPrecision(2)).toString().replaceAll("-", "−");

  /* A coordinate: two decimals, or powers of ten where it is large. */
  const place = (number) => (Math.abs(number) < 1000 ? number.toFixed(2).replace("-", "−") : shown(number));

  /* A function that does one step in place, with its own memory of earlier gradients, as lib/optim.py has it. */
  function optimiser(kind, rate, memory, decay) {
    const m = [0, 0];
    const v = [0, 0];
    let t = 0;
    return (point, gradient) => {
      t += 1;
      for (const i of [0, 1]) {
        const g = kind === 2 ? gradient[i] : gradient[i] + decay * point[i];
        if (kind === 0) {
          m[i] = memory * m[i] + g;
          point[i] -= rate * m[i];
          continue;
        }
        if (kind === 2) point[i] *= 1 - rate * decay;
        m[i] += 0.1 * (g - m[i]);
        v[i] += (1 - memory) * (g * g - v[i]);
        const root = Math.sqrt(v[i] / (1 - memory ** t)) + 1e-8;
        point[i] -= (rate * (m[i] / (1 - 0.9 ** t))) / root;
      }
    };
  }

  class Walker {
    constructor(figure, data) {
      this.figure = figure;
      this.surfaces = data.surfaces;
      this.kind = 0;
      this.rate = this.slider("rate", -30, 5, Math.round(10 * data.rate), (value) => shown(10 ** (value / 10)));
      this.memory = this.slider("memory", 0, 5, 0, (index) => this.remembered(index));
      this.decay = this.slider("decay", 0, DECAY.length - 1, 0, (index) => DECAY[index]);
      this.reading = widget.html("output", { class: "walker-reading", "aria-live": "polite" });
      const titles = this.surfaces.map((surface) => surface.title);
      const choices = widget.html("div", { class: "walker-controls" });
      choices.append(widget.select("Surface:", titles, (index) => this.choose(index)));
      choices.append(widget.select("Optimiser:", OPTIMISERS, (index) => this.take(index)));
      const sliders = [this.rate, this.memory, this.decay].map((slider) => slider.label);
      const controls = widget.html("div", { class: "walker-controls walker-sliders" }, ...sliders);
      const plots = widget.html("div", { class: "walker-plots" }, this.map(), this.curve());
      figure.prepend(choices, controls, plots, this.reading);
      this.take(0);
      this.choose(0);
    }

    slider(name, min, max, value, read) {
      const input = widget.html("input", { type: "range", min, max, step: 1, value });
      const title = widget.html("span", {}, `${name} `);
      const number = widget.html("span", { class: "walker-value" });
      input.addEventListener("input", () => this.walk());
      const label = widget.html("label", { class: `walker-slider walker-${name}` }, title, number, input);
      return { input, title, label, show: () => (number.textContent = read(Number(input.value))) };
    }

    remembered(index) {
      return MEMORY[Math.min(this.kind, 1)].values[index];
    }

    take(kind) {
      this.kind = kind;
      const { name, values, first } = MEMORY[Math.min(kind, 1)];
      this.memory.input.max = values.length - 1;
      this.memory.input.value = first;
      this.memory.title.textContent = `${name} `;
      this.decay.title.textContent = "decay λ ";
      this.rate.title.textContent = "rate η ";
      if (this.surface) this.walk();
    }

    choose(index) {
      this.surface = this.surfaces[index];
      const lines = this.surface.contours.map((line) => this.line(line));
      this.contours.setAttribute("d", lines.join(""));
      this.move(this.surface.start);
    }

    /* The surface from above, as contours. */
    map() {
      this.contours = widget.svg("path", { class: "walker-contour" });
      this.path = widget.svg("path", { class: "walker-path" });
      this.dots = widget.svg("path", { class: "walker-dots" });
      this.start = widget.svg("circle", { class: "walker-start", r: 6 });
      this.grip = widget.svg("circle", { class: "walker-grip", r: 16 });
      const words = "The surface from above, with the steps. Arrow keys move the start.";
      const attributes = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "application", "aria-label": words, tabindex: 0 };
      const parts = [this.contours, this.path, this.dots, this.start, this.grip];
      this.svg = widget.svg("svg", { class: "walker-map", ...attributes }, ...parts);
      this.svg.addEventListener("click", (event) => this.move(this.pointed(event)));
      this.grip.addEventListener("pointerdown", (event) => this.grip.setPointerCapture(event.pointerId));
      this.grip.addEventListener("pointermove", (event) => {
        if (this.grip.hasPointerCapture(event.pointerId)) this.move(this.pointed(event));
      });
      this.svg.addEventListener("keydown", (event) => this.press(event));
      return this.svg;
    }

    /* Loss above the lowest, on a logarithmic scale, with a line for every second decade. */
    curve() {
      const svg = widget.svg("svg", { class: "walker-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
      for (let decade = LOWEST_DECADE; decade <= LOWEST_DECADE + DECADES; decade += 2) {
        const y = this.height(10 ** decade);
        svg.append(widget.svg("path", { class: "walker-grid", d: `M40 ${y}H${WIDTH}` }));
        svg.append(widget.svg("text", { x: 34, y: y + 4, "text-anchor": "end" }, POWERS[decade]));
      }
      svg.append(widget.svg("text", { x: 180, y: 14, "text-anchor": "middle" }, "loss above the lowest"));
      svg.append(widget.svg("text", { x: 40, y: HEIGHT - 4 }, "step 0"));
      svg.append(widget.svg("text", { x: WIDTH, y: HEIGHT - 4, "text-anchor": "end" }, `step ${STEPS}`));
      this.losses = widget.svg("path", { class: "walker-path" });
      svg.append(this.losses);
      return svg;
    }

    height(loss) {
      const share = (Math.log10(Math.max(loss, 1e-300)) - LOWEST_DECADE) / DECADES;
      return HEIGHT - 24 - (HEIGHT - 54) * clamp(share, -0.01, 1.05);
    }

    pixel([x, y]) {
      const [left, right, bottom, top] = this.surface.frame;
      return [(WIDTH * (x - left)) / (right - left), (HEIGHT * (top - y)) / (top - bottom)];
    }

    /* A path through points; what lies far outside would be drawn wrongly, so it is brought nearer. */
    line(points) {
      const near = points.map((point) => this.pixel(point).map((p) => clamp(p, -2000, 2000).toFixed(1)));
      return `M${near.map((pair) => pair.join(" ")).join("L")}`;
    }

    pointed(event) {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      const [left, right, bottom, top] = this.surface.frame;
      return [left + ((right - left) * place.x) / WIDTH, top - ((top - bottom) * place.y) / HEIGHT];
    }

    press(event) {
      const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const direction = directions[event.key];
      if (!direction) return;
      event.preventDefault();
      const [left, right, bottom, top] = this.surface.frame;
      const step = [(right - left) / 40, (top - bottom) / 40];
      this.move(this.at.map((value, axis) => value + direction[axis] * step[axis]));
    }

    move([x, y]) {
      const [left, right, bottom, top] = this.surface.frame;
      this.at = [clamp(x, left, right), clamp(y, bottom, top)];
      this.walk();
    }

    walk() {
      for (const slider of [this.rate, this.memory, this.decay]) slider.show();
      const { loss, gradient, lowest } = SURFACES[this.surface.name];
      const rate = 10 ** (Number(this.rate.input.value) / 10);
      const memory = this.remembered(Number(this.memory.input.value));
      const step = optimiser(this.kind, rate, memory, DECAY[Number(this.decay.input.value)]);
      const point = [...this.at];
      const points = [[...point]];
      while (points.length <= STEPS && point.every(Number.isFinite)) {
        step(point, gradient(...point));
        if (point.every(Number.isFinite)) points.push([...point]);
      }
      const losses = points.map((each) => loss(...each) - lowest);
      this.show(points, losses);
    }

    show(points, losses) {
      this.path.setAttribute("d", this.line(points));
      this.dots.setAttribute("d", points.slice(1).map((point) => `${this.line([point])}h0`).join(""));
      const [x, y] = this.pixel(this.at);
      for (const circle of [this.start, this.grip]) widget.fill(circle, { cx: x, cy: y }, []);
      const across = (WIDTH - 40) / STEPS;
      const heights = losses.map((loss, n) => `${(40 + across * n).toFixed(1)} ${this.height(loss).toFixed(1)}`);
      this.losses.setAttribute("d", `M${heights.join("L")}`);
      const whole = points.length > STEPS;
      const last = points.at(-1);
      this.figure.dataset.end = whole ? last.join(" ") : "none";
      const left = points.findIndex((point) => widget.outside(point, this.surface.frame));
      const above = losses.at(-1) < 1e-6 ? "less than 10⁻⁶" : shown(losses.at(-1));
      const end = `After ${STEPS} steps at (${last.map(place).join(", ")}), ${above} above the lowest.`;
      const gone = `It left the picture at step ${left}. `;
      this.reading.textContent = (left < 0 ? "" : gone) + (whole ? end : "Then the numbers overflowed.");
    }
  }

  widget.register("walker", (figure, data) => new Walker(figure, data));
})();
