/* The merge player: a text of bytes, and what becomes of it merge after merge.
 *
 * Data:
 *   {"texts": [{"name": "English, …",             the reader chooses one
 *               "pieces": ["The", " weird", …],     what is never merged across
 *               "merges": [[116, 104], …],          merge i makes token 256 + i of two earlier ones
 *               "best": [[[116, 104, 2403], …]]}],  before merge i: the commonest pairs of the training text, and how often
 *    "first": 10}                                   how many merges are done at first
 *
 * Ids 0 to 255 are bytes. Merges are done in their order, each from the left, as lib/tokenizer.py does them. */
"use strict";

(() => {
  /* Replace each pair in ids by one new id, from the left. */
  function merge(ids, [left, right], id) {
    const merged = [];
    for (let i = 0; i < ids.length; i += 1) {
      const both = ids[i] === left && i + 1 < ids.length && ids[i + 1] === right;
      merged.push(both ? id : ids[i]);
      if (both) i += 1;
    }
    return merged;
  }

  /* Return the bytes of every id. */
  function vocabulary(merges) {
    const bytes = Array.from({ length: 256 }, (_, byte) => [byte]);
    for (const [left, right] of merges) bytes.push([...bytes[left], ...bytes[right]]);
    return bytes;
  }

  /* Return the text of some bytes, or their numbers where they are no whole characters. */
  function shown(bytes) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
      return { text: text.replaceAll(" ", "␣").replaceAll("\n", "↵"), whole: true };
    } catch {
      return { text: bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" "), whole: false };
    }
  }

  class MergePlayer {
    constructor(figure, data) {
      this.texts = data.texts;
      this.slider = widget.html("input", { type: "range", min: 0, step: 1, "aria-label": "Merges done" });
      this.slider.addEventListener("input", () => this.show());
      this.back = this.button("◂", "One merge back", -1);
      this.on = this.button("▸", "One merge on", 1);
      this.boxes = widget.html("div", { class: "merges-boxes" });
      this.reading = widget.html("output", { class: "merges-reading", "aria-live": "polite" });
      this.pairs = widget.html("ol", { class: "merges-pairs" });
      const controls = widget.html("div", { class: "merges-controls" }, this.back, this.slider, this.on);
      const head = widget.html("p", { class: "merges-next" }, "The commonest pairs now:");
      figure.prepend(this.choices(), controls, this.reading, this.boxes, head, this.pairs);
      this.slider.max = Math.max(...this.texts.map(({ merges }) => merges.length));
      this.slider.value = data.first;
      this.choose(0);
    }

    button(sign, name, step) {
      const button = widget.html("button", { type: "button", "aria-label": name }, sign);
      button.addEventListener("click", () => {
        this.slider.value = Number(this.slider.value) + step;
        this.show();
      });
      return button;
    }

    choices() {
      const options = this.texts.map(({ name }, index) => {
        const input = widget.html("input", { type: "radio", name: "merges-text", ...(index ? {} : { checked: "" }) });
        input.addEventListener("change", () => this.choose(index));
        return widget.html("label", {}, input, ` ${name}`);
      });
      return widget.html("fieldset", { class: "merges-texts" }, widget.html("legend", {}, "Text"), ...options);
    }

    choose(index) {
      this.text = this.texts[index];
      this.bytes = vocabulary(this.text.merges);
      const encoder = new TextEncoder();
      this.pieces = this.text.pieces.map((piece) => [...encoder.encode(piece)]);
      this.slider.max = this.text.merges.length;
      this.show();
    }

    show() {
      const done = Number(this.slider.value);
      const { merges, best } = this.text;
      let pieces = this.pieces;
      merges.slice(0, done).forEach((pair, n) => (pieces = pieces.map((ids) => merge(ids, pair, 256 + n))));
      const ids = pieces.flat();
      this.boxes.replaceChildren(...ids.map((id) => this.box(id, id === 255 + done && done > 0)));
      const last = done ? ` · last: ${this.pair(merges[done - 1])}` : "";
      const noun = done === 1 ? "merge" : "merges";
      this.reading.textContent = `${done} ${noun} · ${ids.length} tokens${last}`;
      this.slider.setAttribute("aria-valuetext", `${done} ${noun}, ${ids.length} tokens`);
      const lines = best[done].map(([left, right, count]) => `${this.pair([left, right])} ${count.toLocaleString("en")} times`);
      this.pairs.replaceChildren(...lines.map((line) => widget.html("li", {}, line)));
      this.back.disabled = done === 0;
      this.on.disabled = done === merges.length;
    }

    pair(ids) {
      return ids.map((id) => shown(this.bytes[id]).text).join(" + ");
    }

    box(id, last) {
      const { text, whole } = shown(this.bytes[id]);
      const look = `token${whole ? "" : " token-bytes"}${last ? " token-last" : ""}`;
      return widget.html("span", { class: look, "data-id": id }, text);
    }
  }

  widget.register("merges", (figure, data) => new MergePlayer(figure, data));
})();
