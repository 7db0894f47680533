/* Write with a bigram model: the reader picks each next word among the likeliest, or lets chance pick.
 *
 * Data:
 *   {
 *     "start": ["to", "be"],                      the first words
 *     "next":  {"to": [["the", 0.08], ...], ...}  what may follow each word, likeliest first; P(word | last word)
 *   }
 *
 * Every word that may follow has an entry of its own, so the text can always go on. */
"use strict";

(() => {
  const WORDS_SHOWN = 40; // of the text so far; the model sees the last one alone

  const percent = (p) => `${(100 * p).toFixed(p < 0.1 ? 1 : 0)} %`;

  /* Words and punctuation marks as one would print them. */
  function printed(words) {
    let text = "";
    for (const word of words) {
      const begins = text === "" || /[.!?]$/.test(text);
      const shown = begins || /^i(['’]|$)/.test(word) ? word[0].toUpperCase() + word.slice(1) : word;
      text += (text === "" || /^[.,;:!?]/.test(word) ? "" : " ") + shown;
    }
    return text;
  }

  /* Pick one of the pairs [word, p] with a chance in proportion to p. */
  function draw(pairs) {
    let left = Math.random() * pairs.reduce((sum, [, p]) => sum + p, 0);
    return pairs.find(([, p]) => (left -= p) <= 0)[0];
  }

  class NextWord {
    constructor(figure, data) {
      this.data = data;
      this.before = widget.html("span", { class: "nextword-past" });
      this.last = widget.html("mark");
      const text = widget.html("p", { class: "nextword-text", "aria-live": "polite" }, this.before, this.last);
      const widest = Math.max(...Object.values(data.next).map((pairs) => pairs.length));
      this.bars = Array.from({ length: widest }, (_, rank) => this.bar(rank));
      this.others = widget.html("p", { class: "nextword-others" });
      const choices = widget.html("div", { class: "nextword-bars" }, ...this.bars.map((bar) => bar.button));
      const chance = this.command("Let chance choose", () => this.add(draw(this.pairs)));
      const restart = this.command("Start again", () => this.begin());
      const controls = widget.html("div", { class: "nextword-controls" }, chance, restart);
      figure.prepend(text, choices, this.others, controls);
      this.begin();
    }

    bar(rank) {
      const [word, share] = [widget.html("span", { class: "nextword-word" }), widget.html("span", { class: "nextword-share" })];
      const fill = widget.html("span", { class: "nextword-fill" });
      const track = widget.html("span", { class: "nextword-track" }, fill);
      const button = widget.html("button", { type: "button" }, word, track, share);
      button.addEventListener("click", () => this.add(this.pairs[rank][0]));
      return { button, word, share, fill };
    }

    command(name, act) {
      const button = widget.html("button", { type: "button" }, name);
      button.addEventListener("click", act);
      return button;
    }

    begin() {
      this.words = this.data.start.slice(0, -1);
      this.add(this.data.start.at(-1));
    }

    add(word) {
      this.words = [...this.words, word].slice(-WORDS_SHOWN);
      this.pairs = this.data.next[word];
      const [text, past] = [printed(this.words), printed(this.words.slice(0, -1))];
      this.before.textContent = past;
      this.last.textContent = text.slice(past.length).trimStart();
      this.before.append(/^[.,;:!?]/.test(word) || past === "" ? "" : " ");
      this.show();
    }

    /* Bars are as long as their share of the likeliest word's; the shares themselves are written out. */
    show() {
      this.bars.forEach(({ button, word, share, fill }, rank) => {
        const pair = this.pairs[rank];
        button.hidden = pair === undefined;
        if (button.hidden) return;
        word.textContent = pair[0];
        share.textContent = percent(pair[1]);
        fill.style.width = `${(100 * pair[1]) / this.pairs[0][1]}%`;
      });
      const rest = 1 - this.pairs.reduce((sum, [, p]) => sum + p, 0);
      this.others.textContent = `any other word: ${percent(Math.max(0, rest))}`;
    }
  }

  widget.register("nextword", (figure, data) => new NextWord(figure, data));
})();
