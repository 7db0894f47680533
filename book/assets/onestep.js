/* One step, taken apart: the path of two weights over a few steps, with or without some lines of the loop.
 *
 * Data:
 *   {
 *     "lines": [["clip(model, 0.15)"],              code that is always there
 *               ["", "optimizer.zero_grad()"], …],  code, and what the reader may leave out of this line
 *     "axes": ["weight of a", "weight of b"],
 *     "frame": [-3, 4, -3, 2],                      the least and the largest x, then y
 *     "contours": [[[x, y], …]],                    lines of equal loss
 *     "lowest": [1.39, -0.85],
 *     "paths": {"1111": [[x, y], …]},               by what is kept (1) or left out (0), in the order of the lines
 *     "above": {"1111": 0.002}                      each path's last loss above the lowest
 *   }
 *
 * Paths are drawn in the data's own numbers. The figure's attribute data-kept holds the four digits. */
"use strict";

(() => {
  const MANY = 1000; // what lies further outside is drawn no further
  const near = (number) => Math.max(-MANY, Math.min(MANY, number));

  /* Downwards is negative on the map, and positive in a drawing. */
  const line = (points) => `M${points.map(([x, y]) => `${near(x)} ${near(-y)}`).join("L")}`;
  const dots = (points) => points.map((point) => `${line([point])}h0`).join("");
  const shown = (number) => number.toFixed(2).replace("-", "−");

  class OneStep {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      this.boxes = [];
      this.whole = Object.keys(data.paths).find((kept) => !kept.includes("0"));
      const code = widget.html("div", { class: "onestep-code" }, ...data.lines.map((each) => this.line(each)));
      this.reading = widget.html("output", { class: "onestep-reading", "aria-live": "polite" });
      figure.prepend(widget.html("div", { class: "onestep-parts" }, code, this.map()), this.reading);
      this.show();
    }

    line([always, choice]) {
      if (choice === undefined) return widget.html("span", { class: "onestep-line" }, always);
      const box = widget.html("input", { type: "checkbox" });
      box.checked = true;
      box.addEventListener("change", () => this.show());
      this.boxes.push(box);
      const words = widget.html("span", { class: "onestep-choice" }, choice);
      return widget.html("label", { class: "onestep-line" }, box, widget.html("span", {}, always, words));
    }

    map() {
      const { frame, contours, lowest, axes, paths } = this.data;
      const [left, right, bottom, top] = frame;
      this.path = widget.svg("path", { class: "onestep-path" });
      this.dots = widget.svg("path", { class: "onestep-dots" });
      const parts = [
        widget.svg("path", { class: "onestep-contour", d: contours.map(line).join("") }),
        widget.svg("path", { class: "onestep-lowest", d: dots([lowest]) }),
        widget.svg("path", { class: "onestep-whole", d: line(paths[this.whole]) }),
        this.path,
        this.dots,
      ];
      const box = `${left} ${-top} ${right - left} ${top - bottom}`;
      const svg = widget.svg("svg", { class: "onestep-map", viewBox: box, "aria-hidden": "true" }, ...parts);
      const name = (text, arrow) => widget.html("span", { class: "onestep-axis" }, `${text} ${arrow}`);
      return widget.html("div", { class: "onestep-frame" }, name(axes[1], "↑"), svg, name(axes[0], "→"));
    }

    show() {
      const kept = this.boxes.map((box) => Number(box.checked)).join("");
      const points = this.data.paths[kept];
      this.figure.dataset.kept = kept;
      this.path.setAttribute("d", line(points));
      this.dots.setAttribute("d", dots(points.slice(1)));
      const out = points.findIndex((point) => widget.outside(point, this.data.frame));
      const gone = out < 0 ? "" : `It left the picture at step ${out}. `;
      const end = `It ends at (${points.at(-1).map(shown).join(", ")}), ${this.data.above[kept].toFixed(3)} above the lowest loss`;
      const beside = kept === this.whole ? "" : ` (with all lines: ${this.data.above[this.whole].toFixed(3)})`;
      this.reading.textContent = `${gone}${end}${beside}.`;
    }
  }

  widget.register("onestep", (figure, data) => new OneStep(figure, data));
})();
