/* What every interactive figure needs. A figure named "heatmap" is drawn by assets/heatmap.js, which calls
 *
 *   widget.register("heatmap", (figure, data) => { ... });
 *
 * once for every <figure data-widget="heatmap">; data is the figure's parsed JSON. The text for readers without
 * scripts is removed when the drawing has succeeded. Drawings take their colours from the page (currentColor and the
 * custom properties of course.css), so they follow light and dark. */
"use strict";

const widget = {
  /* Draw every figure of this name with draw(figure, data). Scripts are deferred: the page is already there. */
  register(name, draw) {
    for (const figure of document.querySelectorAll(`figure[data-widget="${name}"]`)) {
      const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
      draw(figure, data);
      figure.querySelector(".widget-fallback").remove();
    }
  },

  /* Return a new HTML element; attributes are set, children (elements or texts) appended. */
  html(tag, attributes = {}, ...children) {
    return widget.fill(document.createElement(tag), attributes, children);
  },

  /* Return a new SVG element. */
  svg(tag, attributes = {}, ...children) {
    return widget.fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  },

  fill(element, attributes, children) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  },

  /* Return a labelled <select> of names; choose(index) is called when the reader picks one. */
  select(label, names, choose) {
    const options = names.map((name, index) => widget.html("option", { value: index }, name));
    const list = widget.html("select", {}, ...options);
    list.addEventListener("change", () => choose(Number(list.value)));
    return widget.html("label", { class: "widget-control" }, `${label} `, list);
  },

  /* Whether a point lies outside a frame: the least and the largest x, then y. */
  outside([x, y], [left, right, bottom, top]) {
    return x < left || x > right || y < bottom || y > top;
  },
};
