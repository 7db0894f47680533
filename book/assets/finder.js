/* Of a long page show only the entries that hold all words that the reader types, in whichever language.
 *
 * Data:
 *   {
 *     "label":   "Find a term",
 *     "entries": "dl.chapter-terms > dt",    what is shown or hidden, a term together with its definition
 *     "folds":   "details.source-chapter"    what opens when it holds an entry that is shown; may be left out
 *   } */
"use strict";

widget.register("finder", (figure, data) => {
  const page = document.querySelector("article");
  const parts = (entry) => (entry.tagName === "DT" ? [entry, entry.nextElementSibling] : [entry]);
  const entries = [...page.querySelectorAll(data.entries)].map((entry) => {
    const all = parts(entry);
    return { parts: all, text: all.map((part) => part.textContent).join(" ").toLowerCase() };
  });
  const folds = data.folds ? [...page.querySelectorAll(data.folds)] : [];
  const input = widget.html("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const count = widget.html("output", { class: "finder-count" });

  function find() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const entry of entries) {
      const fits = words.every((word) => entry.text.includes(word));
      for (const part of entry.parts) part.hidden = !fits;
      found += fits;
    }
    for (const fold of folds) {
      const holds = fold.querySelector("li:not([hidden])") !== null;
      fold.hidden = !holds;
      fold.open = holds && words.length > 0;
    }
    page.classList.toggle("finding", words.length > 0);
    count.textContent = words.length ? `${found} of ${entries.length}` : "";
  }

  input.addEventListener("input", find);
  figure.append(widget.html("label", { class: "widget-control" }, `${data.label} `, input), count);
});
