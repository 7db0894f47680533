// The chat page: sends the dialogue, shows the answer as it comes. All text is set as textContent: none of it is HTML.
"use strict";

const MOST = 60; // messages that are sent; the server takes a few more
const part = (id) => document.getElementById(id);
const [dialogue, question, send, stop, temperature] = ["dialogue", "question", "send", "stop", "temperature"].map(part);

let messages = []; // of the dialogue so far: {role, content}
let forgotten = 0; // of these, how many at the beginning are no longer sent
let running = null; // the AbortController of the answer that is coming

class Refusal extends Error {
  constructor(error) {
    super(error?.message ?? "The server gave no answer.");
    this.code = error?.code;
  }
}

const model = fetch("v1/models")
  .then((response) => response.json())
  .then((list) => {
    part("model").textContent = list.data[0].id;
    return list.data[0].id;
  });
model.catch(() => showError("The server cannot be reached."));

function showError(text) {
  part("error").textContent = text;
  part("error").hidden = !text;
  if (text) dialogue.scrollTop = dialogue.scrollHeight; // it takes room from what was said last
}

function add(css, text) {
  part("hint").hidden = true;
  const element = document.createElement("p");
  element.className = css;
  element.textContent = text;
  dialogue.append(element);
  dialogue.scrollTop = dialogue.scrollHeight;
  return element;
}

function grow(element, text) {
  const atEnd = dialogue.scrollHeight - dialogue.scrollTop - dialogue.clientHeight < 40;
  element.textContent += text;
  if (atEnd) dialogue.scrollTop = dialogue.scrollHeight; // who has scrolled up wants to read there
}

function body(model) {
  const system = part("system").value.trim();
  const first = Math.max(forgotten, messages.length - MOST + (messages.length % 2 ? 1 : 0));
  const sent = messages.slice(first);
  return {
    model,
    messages: system ? [{ role: "system", content: system }, ...sent] : sent,
    temperature: Number(temperature.value),
    max_tokens: Number(part("length").value),
    stream: true,
  };
}

// The data of each event of a stream. An event ends with a blank line; a chunk of bytes may end anywhere.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const event of parts) if (event.startsWith("data: ")) yield event.slice(6);
  }
}

// Yields the pieces of the answer, and returns the reason for its end.
async function* answer(signal) {
  const response = await fetch("v1/chat/completions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body(await model)),
    signal,
  });
  if (!response.ok) throw new Refusal((await response.json().catch(() => ({}))).error);
  let reason = null;
  for await (const data of events(response)) {
    if (data === "[DONE]") return reason;
    const reply = JSON.parse(data);
    if (reply.error) throw new Refusal(reply.error);
    reason = reply.choices[0].finish_reason;
    if (reply.choices[0].delta.content) yield reply.choices[0].delta.content;
  }
  throw new Error("The answer broke off.");
}

// A dialogue that has become too long loses its oldest question and answer until it fits.
async function* fittingAnswer(signal) {
  for (;;) {
    try {
      return yield* answer(signal);
    } catch (error) {
      if (error.code !== "context_length_exceeded" || messages.length - forgotten < 3) throw error;
      forgotten += 2;
    }
  }
}

function setRunning(controller) {
  const [shown, gone] = controller ? [stop, send] : [send, stop];
  const focused = document.activeElement === gone;
  running = controller;
  [shown.hidden, gone.hidden] = [false, true];
  if (focused) shown.focus(); // what is hidden loses the focus
  dialogue.setAttribute("aria-busy", String(controller !== null));
}

async function ask(text) {
  const [before, controller] = [forgotten, new AbortController()];
  messages.push({ role: "user", content: text });
  const [mine, theirs] = [add("message user", text), add("message assistant coming", "")];
  showError("");
  setRunning(controller);
  let note = "";
  try {
    const pieces = fittingAnswer(controller.signal);
    let step;
    while (!(step = await pieces.next()).done) grow(theirs, step.value);
    if (step.value === "length") note = "The answer has reached its longest length.";
    if (!theirs.textContent) showError("The model has ended its answer before the first word.");
  } catch (error) {
    if (controller.signal.aborted) note = "Stopped.";
    else showError(error instanceof TypeError ? "The server cannot be reached." : error.message);
  }
  if (controller !== running) return; // a new chat has begun meanwhile
  setRunning(null);
  theirs.classList.remove("coming");
  if (theirs.textContent) {
    messages.push({ role: "assistant", content: theirs.textContent });
    if (forgotten > before) note += " The beginning of the dialogue no longer fits and was left out.";
    if (note) add("note", note.trim());
  } else {
    messages.pop(); // nothing has come: as if it had not been asked
    mine.remove();
    theirs.remove();
    question.value ||= text;
    part("hint").hidden = messages.length > 0;
  }
}

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text || running) return;
  question.value = "";
  ask(text);
});

question.addEventListener("keydown", (event) => {
  // While Chinese is typed, Enter chooses a character; older versions of Safari say so by the number 229 alone.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  part("form").requestSubmit();
});

stop.addEventListener("click", () => running?.abort());

part("fresh").addEventListener("click", () => {
  const controller = running;
  setRunning(null);
  controller?.abort();
  [messages, forgotten] = [[], 0];
  for (const element of dialogue.querySelectorAll(".message, .note")) element.remove();
  part("hint").hidden = false;
  showError("");
  question.focus();
});

function showTemperature() {
  part("shown").value = Number(temperature.value).toFixed(1);
}

temperature.addEventListener("input", showTemperature);
showTemperature();
