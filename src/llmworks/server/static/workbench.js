"use strict";
/* The workbench page: what one step of the language-model loop does, made visible.

     prompt ─tokenise→ ids ─model→ probabilities ─stages→ what is left ─draw→ one token ─┐
                        ↑________________________________________________________________│

   The server keeps no state: every request carries the prompt, the ids made so far and the knobs, so that
   going back, forcing a token and sharing a link are all the same thing: another list of ids.
   Text from the model or a person only ever becomes a text node. */

// ---------------------------------------------------------------- knobs

const KNOBS = [
  { key: "temperature", short: "t", name: "Temperature", min: 0, max: 2, step: 0.05, off: 1,
    says: "Below 1 sharpens; 0 takes the best." },
  { key: "top_k", short: "k", name: "Top-k", min: 0, max: 200, step: 1, off: 0, whole: true, top: 1e9,
    says: "Keep the k most probable; 0 keeps all." },
  { key: "top_p", short: "tp", name: "Top-p", min: 0.01, max: 1, step: 0.01, off: 1,
    says: "Keep the fewest that hold this much." },
  { key: "min_p", short: "mp", name: "Min-p", min: 0, max: 1, step: 0.01, off: 0,
    says: "Drop what is below this × the best." },
  { key: "repetition_penalty", short: "rp", name: "Repetition penalty", min: 0.5, max: 2, step: 0.05, off: 1, top: 10,
    says: "Above 1: less of what was said." },
  { key: "presence_penalty", short: "pp", name: "Presence penalty", min: -2, max: 2, step: 0.1, off: 0,
    says: "Once for each token already made." },
  { key: "frequency_penalty", short: "fp", name: "Frequency penalty", min: -2, max: 2, step: 0.1, off: 0,
    says: "For every time that it was made." },
  { key: "seed", short: "s", name: "Seed", min: 0, max: 999, step: 1, off: 0, whole: true, top: 4294967295,
    says: "The same seed draws the same tokens." },
];
const STARTS = ["Once upon a time", "The old man looked at the sea and", "\"Where have you been?\" asked",
  "In the year 1850, the town of"];

const state = {
  model: null, tab: "loop", prompt: STARTS[0], promptTokens: [], made: [], next: null, wrong: "",
  knobs: Object.fromEntries(KNOBS.map((knob) => [knob.key, knob.off])), defaults: {},
  running: null, queued: false, colour: "id", messages: [], answering: null,
};

// ---------------------------------------------------------------- small tools

const $ = (id) => document.getElementById(id);

/** An element with properties and children; strings become text nodes, never markup. */
function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, item] of Object.entries(value)) element.style.setProperty(key, item);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const fill = (element, ...children) => element.replaceChildren(...children.filter((child) => child !== null));
const thousands = (number) => number.toLocaleString("en-US");
const hue = (id) => String((id * 137.508) % 360);
/** Orange for a surprise, blue for what was expected: how much of the blue, as CSS wants it. */
const sureness = (p) => 100 * Math.sqrt(p) + "%";

function percent(p) {
  if (p >= 0.9995) return "100 %";
  if (p >= 0.0995) return (100 * p).toFixed(1) + " %";
  if (p >= 0.0001) return (100 * p).toFixed(2) + " %";
  return p > 0 ? "<0.01 %" : "0 %";
}

function later(work, wait) {
  let timer = 0;
  return () => { clearTimeout(timer); timer = setTimeout(work, wait); };
}

class Refused extends Error {}

/** The API key, where the server wants one: held for this tab only. */
function key() {
  const held = sessionStorage.getItem("llmworks-key");
  return held ? { authorization: "Bearer " + held } : {};
}

function askForKey() {
  const field = h("input", { type: "password", id: "key", autocomplete: "off", required: true });
  const form = h("form", { class: "key" }, h("label", { for: "key" }, "This server wants its API key: "), field, h("button", {}, "Open"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("llmworks-key", field.value.trim());
    location.reload();
  });
  $("problem").hidden = false;
  fill($("problem"), form);
  field.focus();
}

/** A POST of JSON; what the server refuses comes back as Refused with its message. */
async function post(path, body, signal) {
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "content-type": "application/json", ...key() },
      body: JSON.stringify(body), signal });
  } catch (error) {
    if (error.name !== "AbortError") serverIsGone();
    throw error;
  }
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new Refused(answer.error?.message || `the server answered ${response.status}`);
  }
  return response;
}

/** The JSON values of a server-sent event stream, one by one. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    held += value;
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim()).join("");
      if (data && data !== "[DONE]") yield JSON.parse(data);
    }
  }
}

function problem(text) {
  $("problem").hidden = !text;
  $("problem").textContent = text ? text[0].toUpperCase() + text.slice(1) : "";
}

let waiting = false;
/** Says that the server is gone and looks for it until it is back. */
async function serverIsGone() {
  if (waiting) return;
  waiting = true;
  problem("The server does not answer. Is `llmworks up` still running in its terminal? Looking for it …");
  for (;;) {
    await new Promise((wake) => setTimeout(wake, 2000));
    try {
      if ((await fetch("/health")).ok) break;
    } catch { /* still gone */ }
  }
  waiting = false;
  problem("");
  refresh();
}

// ---------------------------------------------------------------- the address bar holds the state

function readAddress() {
  const held = new URLSearchParams(location.hash.slice(1));
  if (held.has("p")) state.prompt = held.get("p");
  if (held.get("tab") === "chat") state.tab = "chat";
  for (const knob of KNOBS) {
    const value = Number(held.get(knob.short));
    if (held.has(knob.short) && Number.isFinite(value)) state.knobs[knob.key] = value;
  }
}

const writeAddress = later(() => {
  const held = new URLSearchParams();
  if (state.tab !== "loop") held.set("tab", state.tab);
  held.set("p", state.prompt);
  for (const knob of KNOBS) {
    if (state.knobs[knob.key] !== state.defaults[knob.key]) held.set(knob.short, String(state.knobs[knob.key]));
  }
  history.replaceState(null, "", "#" + held.toString());
}, 250);

// ---------------------------------------------------------------- the knobs on the page

function knobRow(knob) {
  const id = "knob-" + knob.key;
  const number = h("input", { type: "number", id, min: knob.min, max: knob.top ?? knob.max, step: "any", "aria-describedby": id + "-says" });
  const range = h("input", { type: "range", min: knob.min, max: knob.max, step: knob.step, "aria-label": knob.name });
  const says = h("p", { class: "quiet", id: id + "-says" }, knob.says);
  const row = h("div", { class: "knob" }, h("div", { class: "row" }, h("label", { for: id }, knob.name), number), range, says);
  const show = () => { number.value = range.value = state.knobs[knob.key]; row.classList.remove("bad"); says.textContent = knob.says; };
  const take = (text) => {
    const value = Number(text), most = knob.top ?? knob.max;
    const good = text.trim() !== "" && value >= knob.min && value <= most && (!knob.whole || Number.isInteger(value));
    row.classList.toggle("bad", !good);
    says.textContent = good ? knob.says : `From ${knob.min} to ${thousands(most)}${knob.whole ? ", whole" : ""}.`;
    if (!good) return;
    state.knobs[knob.key] = value;
    knobsChanged();
  };
  range.addEventListener("input", () => { number.value = range.value; take(range.value); });
  number.addEventListener("input", () => { range.value = number.value; take(number.value); });
  number.addEventListener("blur", show);
  knob.show = show;
  if (knob.key === "seed") {
    const again = h("button", { class: "plain", type: "button", onclick: () => {
      state.knobs.seed = Math.floor(Math.random() * 1000);
      show();
      knobsChanged();
    } }, "another");
    row.querySelector("label").after(again);
    again.style.marginLeft = "auto";
  }
  return row;
}

const knobsChanged = () => { writeAddress(); refreshSoon(); };

function resetKnobs() {
  state.knobs = { ...state.defaults };
  KNOBS.forEach((knob) => knob.show());
  knobsChanged();
}

// ---------------------------------------------------------------- talking to the loop

const request = () => ({ prompt: state.prompt, ids: state.made.map((token) => token.id), sampling: state.knobs });

let asking = null;
/** Asks for the distribution of the next token, at the knobs as they stand. */
async function refresh() {
  asking?.abort();
  if (state.running || !state.model) return;
  const mine = (asking = new AbortController());
  $("next").ariaBusy = "true";
  try {
    const step = await (await post("/api/step", request(), mine.signal)).json();
    if (!sameTokens(state.promptTokens, step.prompt)) state.promptTokens = step.prompt;
    state.next = step;
    state.wrong = "";
  } catch (error) {
    if (mine.signal.aborted) return;
    asking = null;
    $("next").ariaBusy = "false";
    if (!(error instanceof Refused)) return;
    state.next = null;
    state.wrong = error.message;
  }
  asking = null;
  render();
  $("next").ariaBusy = "false";
  if (state.queued) { state.queued = false; step(); }
}
const refreshSoon = later(refresh, 160);

/** The tokens of the prompt, at once: the model needs longer than the tokenizer. */
const tokenizeSoon = later(async () => {
  const asked = state.prompt;
  try {
    const answer = await (await post("/api/tokenize", { text: asked })).json();
    if (asked === state.prompt) { state.promptTokens = answer.tokens; renderStrip(); }
  } catch { /* refresh() tells what is wrong */ }
}, 40);

const asMade = (token, forced, ms) => ({ ...token, forced, ms });

/** One turn of the loop: takes the pick, or the token that was chosen by hand. A press that comes while the
    model still reads counts once it has read. */
async function step(chosen) {
  if (state.running) return;
  if (!state.next?.pick) { state.queued = asking !== null && !chosen; return; }
  const token = chosen ?? state.next.pick;
  state.made.push(asMade(token, Boolean(chosen), state.next.ms));
  state.next = null;
  $("spoken").textContent = `${token.label}, ${percent(token.p)}`;
  renderStrip();
  await refresh();
}

function rewind(length) {
  pause();
  state.queued = false;
  state.made.length = Math.max(0, length);
  state.next = null;
  renderStrip();
  refresh();
}

function pause() {
  state.running?.abort();
  state.running = null;
}

/** Streams the loop until it is paused, ends by itself, or the budget is spent. */
async function run() {
  if (state.running) { pause(); await refresh(); render(); return; }
  const budget = Math.max(1, Math.min(4096, Number($("budget").value) || 60));
  const mine = (state.running = new AbortController());
  asking?.abort();
  asking = null;
  renderDeck();
  try {
    for await (const event of events(await post("/api/loop", { ...request(), max_tokens: budget }, mine.signal))) {
      if (mine.signal.aborted) return;
      if (event.error) throw new Refused(event.error.message);
      if (event.finish) break;
      state.next = event;
      state.made.push(asMade(event.pick, false, event.ms));
      renderSoon();
      const wait = Number($("pace").value);
      if (wait) await new Promise((wake) => { setTimeout(wake, wait); mine.signal.addEventListener("abort", wake); });
    }
  } catch (error) {
    if (mine.signal.aborted) return;
    if (error instanceof Refused) state.wrong = error.message;
    else serverIsGone();
  }
  if (state.running === mine) state.running = null;
  await refresh();
  render();
}

// ---------------------------------------------------------------- drawing

let frame = 0;
function renderSoon() {
  if (!frame) frame = requestAnimationFrame(() => { frame = 0; render(); });
}

function render() {
  renderStrip();
  renderDeck();
  renderNext();
  renderStages();
  renderRuler();
  renderContext();
}

function chip(token, props = {}, tag = "span") {
  const kind = ["token", props.class, token.special ? "control" : null, token.p === undefined ? "unweighed" : null];
  const style = { "--hue": hue(token.id), "--sureness": sureness(token.p ?? 0) };
  return h(tag, { ...props, class: kind.filter(Boolean).join(" "), style }, h("b", {}, ...named(token.label)), h("small", {}, String(token.id)));
}

/** A token's label with its leading white space shown faintly. */
function named(label) {
  const space = /^[␣↵⇥]+/.exec(label)?.[0] ?? "";
  return space ? [h("span", { class: "dim" }, space), label.slice(space.length)] : [label];
}

const endsLine = (token) => /\n/.test(token.text ?? "");

const sameTokens = (left, right) => left.length === right.length && left.every((token, place) => token.id === right[place].id);

const madeChip = (token, place) => chip(token, { class: token.forced ? "made forced" : "made", type: "button",
  title: `${percent(token.p)}${token.forced ? ", chosen by hand" : ""} · click to go back to here`,
  "aria-label": `${token.label}, id ${token.id}, ${percent(token.p)}; go back to before it`,
  onclick: () => rewind(place) }, "button");

const withBreak = (element, token) => (endsLine(token) ? [element, h("span", { class: "break" })] : [element]);

/** Draws the tokens. A run only appends, so what stands there already is left alone. */
const drawn = { prompt: null, made: [] };
function renderStrip() {
  const strip = $("strip");
  const kept = drawn.prompt === state.promptTokens && drawn.made.every((token, place) => token === state.made[place]);
  if (!kept) {
    fill(strip, ...state.promptTokens.flatMap((token) => withBreak(chip(token), token)), h("span", { class: "caret", "aria-hidden": "true" }));
    drawn.made = [];
  }
  const fresh = state.made.slice(drawn.made.length);
  strip.lastElementChild.before(...fresh.flatMap((token, place) => withBreak(madeChip(token, drawn.made.length + place), token)));
  drawn.prompt = state.promptTokens;
  drawn.made = state.made.slice();
  strip.classList.toggle("by-p", state.colour === "p");
  if (fresh.length) strip.scrollTop = strip.scrollHeight;
  $("legend").hidden = state.colour !== "p";
  $("count").textContent = state.wrong ? "" : counted();
  $("starts").hidden = state.made.length > 0;
}

function counted() {
  const tokens = state.promptTokens.length;
  if (!state.prompt) return "an empty prompt: the model begins from nothing";
  const words = `${thousands(state.prompt.length)} characters → ${thousands(tokens)} token${tokens === 1 ? "" : "s"}`;
  return tokens ? `${words}, ${(state.prompt.length / tokens).toFixed(1)} characters each` : words;
}

function renderDeck() {
  const ready = !state.running && (Boolean(state.next?.pick) || asking !== null);
  $("step").disabled = !ready;
  $("run").textContent = state.running ? "Pause" : "Run";
  $("run").disabled = !state.running && !ready;
  $("back").disabled = $("clear").disabled = state.made.length === 0;
  const times = state.made.map((token) => token.ms).filter((ms) => ms > 0).slice(-20);
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const sum = state.made.reduce((total, token) => total - Math.log2(Math.max(token.p, 1e-12)), 0);
  $("timing").textContent = times.length
    ? `${state.made.length} made · ${mean.toFixed(1)} ms a token · ${(sum / state.made.length).toFixed(2)} bits a token` : "";
  if (state.wrong) problem(state.wrong);
  else if (!waiting) problem("");
}

function renderNext() {
  const list = $("next");
  if (!state.next?.tokens) { if (state.wrong || state.next?.full) { fill(list); $("others").textContent = state.next?.full || ""; } return; }
  const { tokens, pick, rest, stages } = state.next;
  const widest = Math.max(...tokens.map((token) => Math.max(token.p, token.q)), 1e-9);
  fill(list, ...tokens.map((token) => {
    const picked = token.id === pick.id, gone = token.removed_by !== null;
    const value = gone ? token.removed_by : percent(token.q);
    const label = `${token.label}: model ${percent(token.p)}, ` + (gone ? `removed by ${token.removed_by}` : `left ${percent(token.q)}`);
    const button = h("button", { type: "button", class: (picked ? "picked " : "") + (gone ? "gone" : ""), title: label,
      "aria-label": label + (picked ? ", the pick" : "") + "; choose it", onclick: () => choose(token) },
      h("span", { class: "name" }, ...named(token.label)),
      h("span", { class: "bars" },
        h("i", { class: "said", style: { width: (100 * token.p) / widest + "%" } }),
        gone ? null : h("i", { class: "left", style: { width: (100 * token.q) / widest + "%" } })),
      h("span", { class: "value" }, value));
    return h("li", {}, button);
  }));
  const start = stages[0]?.entropy_before;
  $("others").textContent = `and ${thousands(rest.count)} more tokens with ${percent(rest.p)} together`
    + (start === undefined ? "" : ` · ${start.toFixed(1)} bits of entropy`);
}

function choose(token) {
  if (state.running) { pause(); refresh(); return; }
  if (state.next?.pick) step(token.id === state.next.pick.id ? undefined : token);
}

function renderStages() {
  if (!state.next?.stages) { if (state.wrong) fill($("stages")); return; }
  fill($("stages"), ...state.next.stages.map((stage) => {
    const reshaped = stage.active && stage.before === stage.after;
    const wordy = stage.value.includes(" ");
    const kept = stage.active ? (reshaped ? `${thousands(stage.after)}` : `${thousands(stage.before)} → ${thousands(stage.after)}`) : "off";
    const bits = `${stage.entropy_before.toFixed(1)} → ${stage.entropy_after.toFixed(1)} bits`;
    const lost = stage.removed.map((token) => h("s", {}, token.label));
    const more = stage.before - stage.after - stage.removed.length;
    const changed = Math.abs(stage.entropy_before - stage.entropy_after) > 1e-6 ? bits : "changes nothing here";
    const line = reshaped ? h("div", { class: "lost" }, wordy ? `${stage.value}: ${changed}` : changed)
      : h("div", { class: "lost", title: `removed ${percent(1 - stage.mass)}; ${bits}` }, `−${percent(1 - stage.mass)}  `, ...lost,
        more > 0 ? `and ${thousands(more)} more` : "");
    return h("li", { class: stage.active ? "" : "off" },
      h("div", { class: "name" }, h("b", {}, stage.name), h("span", {}, stage.active && !wordy ? stage.value : "")),
      h("div", { class: "mass" }, h("i", { style: { width: 100 * stage.mass + "%" } })),
      h("div", { class: "kept" }, kept), stage.active ? line : null);
  }));
}

/** The unit interval cut into the probabilities that are left, and where the random number fell. */
function renderRuler() {
  if (!state.next?.pick) { if (state.wrong || state.next?.full) { fill($("ruler")); $("pick").textContent = ""; } return; }
  const { segments, pick } = state.next;
  const parts = segments.map((token) => h("span", { class: token.id === pick.id ? "hit" : token.id === null ? "rest" : "",
    title: `${token.label} ${percent(token.q)}`, style: { "--hue": hue(token.id ?? 0), "flex": `${token.q} 0 0` } },
    token.q > 0.012 * (token.label.length + 2) ? token.label : ""));
  const needle = pick.draw === null ? null : h("div", { class: "needle" + (pick.draw > 0.8 ? " late" : ""), style: { left: 100 * pick.draw + "%" } },
    h("span", {}, pick.draw.toFixed(3)));
  fill($("ruler"), h("div", { class: "segments" }, ...parts), needle);
  $("ruler").setAttribute("aria-label", pick.draw === null ? "Only one candidate is left"
    : `The random number ${pick.draw.toFixed(3)} falls on ${pick.label}`);
  const certain = state.knobs.temperature === 0 ? "Temperature 0: the most probable token is taken, "
    : "One candidate is left, so nothing is drawn: ";
  const way = pick.draw === null ? [certain] : [`${pick.draw.toFixed(3)} falls on `];
  fill($("pick"), ...way, h("b", {}, pick.label), ` (id ${pick.id}, ${percent(pick.q)} of what is left)`
    + (pick.stop ? ". It says that the text ends here." : "."));
}

function renderContext() {
  const used = state.tab === "chat" ? state.chatTokens ?? 0 : state.promptTokens.length + state.made.length;
  const most = state.model.context;
  $("context").setAttribute("aria-valuenow", used);
  $("context").setAttribute("aria-valuemax", most);
  $("context").classList.toggle("full", used > 0.9 * most);
  $("context").querySelector("i").style.width = Math.min(100, (100 * used) / most) + "%";
  $("context").querySelector(".context-text").textContent = `${thousands(used)} / ${thousands(most)} tokens`;
}

// ---------------------------------------------------------------- chat

const conversation = () => {
  const system = $("system").value.trim();
  return (system ? [{ role: "system", content: system }] : []).concat(state.messages.map(({ role, content }) => ({ role, content })));
};

/** Buttons that put a text into a field, and do what comes next. */
const proposals = (texts, field, then) => texts.map((text) => h("button", { type: "button", class: "plain", onclick: () => {
  $(field).value = text; grow($(field)); then(text);
} }, text));

function renderTalk() {
  const turns = state.messages.map((message) => h("div", { class: "turn " + message.role },
    h("span", { class: "who" }, message.role === "user" ? "you" : state.model.name),
    ...(message.pieces ? message.pieces.map(piece) : [message.content]),
    message.ended ? h("span", { class: "ended" }, "  " + message.ended) : null));
  if (!turns.length) turns.push(h("div", { class: "empty quiet" },
    h("p", {}, state.model.chat ? "Say something. The answer comes token by token; “what the model sees” shows the text behind it." : "Begin a text; the model goes on with it."),
    h("div", { class: "starts", "aria-label": "Messages to try" }, ...proposals(state.model.examples.messages, "message", send))));
  follow(() => fill($("talk"), ...turns));
  $("send").textContent = state.answering ? "Stop" : "Send";
}

/** Changes the conversation and stays at its end, unless the reader has scrolled up. */
function follow(change) {
  const talk = $("talk"), below = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60;
  change();
  if (below) talk.scrollTop = talk.scrollHeight;
}

const piece = (token) => token.p === null ? token.text
  : h("span", { class: "piece", title: percent(token.p), style: { "--sureness": sureness(token.p) } }, token.text);

/** Sends a message and streams the answer; Stop keeps what was said so far. */
async function send() {
  if (state.answering) { state.answering.abort(); return; }
  const text = $("message").value;
  if (!text.trim()) return;
  $("message").value = "";
  grow($("message"));
  const answer = { role: "assistant", content: "", pieces: [] };
  const asked = { messages: [...conversation(), { role: "user", content: text }], sampling: state.knobs };
  state.messages.push({ role: "user", content: text }, answer);
  const mine = (state.answering = new AbortController());
  const began = performance.now();
  renderTalk();
  const turn = $("talk").lastElementChild;
  try {
    for await (const event of events(await post("/api/chat", asked, mine.signal))) {
      if (event.error) throw new Refused(event.error.message);
      if (event.finish) { answer.ended = event.finish === "length" ? "(cut: no room left)" : ""; break; }
      answer.pieces.push(event);
      answer.content += event.text;
      $("chat-timing").textContent = `${answer.pieces.length} tokens · ${((performance.now() - began) / answer.pieces.length).toFixed(1)} ms a token`;
      follow(() => turn.append(piece(event)));
    }
    problem("");
  } catch (error) {
    if (mine.signal.aborted) answer.ended = "(stopped)";
    else {
      state.messages.splice(-2);
      $("message").value = text;
      if (error instanceof Refused) problem(error.message);
      else serverIsGone();
    }
  }
  state.answering = null;
  renderTalk();
  see();
}

/** The rendered template with its control tokens, and how much of the context it takes. */
async function see() {
  if (!state.model || state.tab !== "chat") return;
  const waitingFor = state.messages.at(-1)?.role !== "assistant";
  try {
    const seen = await (await post("/api/render", { messages: conversation(), prompt: waitingFor })).json();
    state.chatTokens = seen.tokens.length;
    renderContext();
    const parts = seen.tokens.flatMap((token) => endsLine(token) ? [chip(token), h("span", { class: "break" })] : [chip(token)]);
    fill($("seen-strip"), ...parts);
  } catch (error) {
    if (error instanceof Refused) fill($("seen-strip"), error.message);
  }
  $("seen").hidden = !$("see").checked;
  $("chat").classList.toggle("has-seen", $("see").checked);
}
const seeSoon = later(see, 200);

// ---------------------------------------------------------------- from code

function snippets() {
  const base = location.origin, model = state.model.name, chat = state.model.chat;
  const path = chat ? "chat/completions" : "completions";
  const said = chat ? { messages: [{ role: "user", content: "Hello!" }] } : { prompt: state.prompt || STARTS[0] };
  const bearer = sessionStorage.getItem("llmworks-key") ? `  -H "authorization: Bearer $LLMWORKS_API_KEY" \\\n` : "";
  const body = JSON.stringify({ model, ...said, max_tokens: 60 }).replaceAll("'", "'\\''");
  const call = chat
    ? `client.chat.completions.create(\n    model=${JSON.stringify(model)}, max_tokens=60, stream=True,\n    messages=[{"role": "user", "content": "Hello!"}],\n)`
    : `client.completions.create(\n    model=${JSON.stringify(model)}, prompt=${JSON.stringify(said.prompt)}, max_tokens=60, stream=True,\n)`;
  const text = chat ? 'chunk.choices[0].delta.content or ""' : "chunk.choices[0].text";
  return [
    ["curl", `curl ${base}/v1/${path} \\\n  -H 'content-type: application/json' \\\n${bearer}  -d '${body}'`],
    ["Python, with the openai client", `${bearer ? "import os\n\n" : ""}from openai import OpenAI\n\nclient = OpenAI(base_url="${base}/v1", api_key=${bearer ? 'os.environ["LLMWORKS_API_KEY"]' : '"none"'})\nfor chunk in ${call}:\n    print(${text}, end="", flush=True)`],
    ["Python, with this library", `import llmworks\n\nlm = llmworks.load(${JSON.stringify(state.model.load)})\nprint(lm.generate(${JSON.stringify(state.prompt || STARTS[0])}, max_tokens=60).text)`],
  ];
}

async function copy(button, text) {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
  catch { button.textContent = "Copy it by hand"; }
  setTimeout(() => { button.textContent = before; }, 1400);
}

function openApi() {
  fill($("snippets"), ...snippets().map(([name, code]) => {
    const button = h("button", { type: "button", class: "plain" }, "Copy");
    button.addEventListener("click", () => copy(button, code));
    return h("div", { class: "snippet" }, h("div", { class: "row" }, h("b", {}, name), button), h("pre", { tabindex: "0" }, code));
  }));
  $("api").showModal();
}

// ---------------------------------------------------------------- the page comes to life

function show(tab) {
  state.tab = tab;
  for (const name of ["loop", "chat"]) {
    const here = name === tab, button = $("tab-" + name);
    $(name).hidden = !here;
    button.setAttribute("aria-selected", here);
    button.tabIndex = here ? 0 : -1;
  }
  $("system-box").hidden = tab !== "chat" || !state.model?.chat;
  if (tab === "chat") { pause(); renderTalk(); see(); } else refresh();
  if (state.model) renderContext();
  writeAddress();
}

function grow(area) {
  area.style.height = "auto";
  area.style.height = area.scrollHeight + 2 + "px";
}

function setPrompt(text) {
  pause();
  state.queued = false;
  state.prompt = text;
  state.made = [];
  writeAddress();
  tokenizeSoon();
  refreshSoon();
}

function onKey(event) {
  if (event.target.closest("input, textarea, dialog, summary, a") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("[role=tab]")) {
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") { const other = state.tab === "loop" ? "chat" : "loop"; show(other); $("tab-" + other).focus(); }
    return;
  }
  if (state.tab !== "loop") return;
  if (event.key === "ArrowRight") step();
  else if (event.key === "ArrowLeft") rewind(state.made.length - 1);
  else if (event.key === " " && !event.target.closest("button")) run();
  else return;
  event.preventDefault();
}

function wire() {
  fill($("knobs"), ...KNOBS.map(knobRow));
  $("prompt").addEventListener("input", (event) => { grow(event.target); setPrompt(event.target.value); });
  $("prompt").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); }
  });
  $("step").addEventListener("click", () => step());
  $("run").addEventListener("click", run);
  $("back").addEventListener("click", () => rewind(state.made.length - 1));
  $("clear").addEventListener("click", () => rewind(0));
  $("reset-knobs").addEventListener("click", resetKnobs);
  $("share").addEventListener("click", (event) => copy(event.target, location.href));
  $("open-api").addEventListener("click", openApi);
  for (const radio of document.querySelectorAll("input[name=colour]")) {
    radio.addEventListener("change", () => { state.colour = radio.value; renderStrip(); });
  }
  for (const name of ["loop", "chat"]) $("tab-" + name).addEventListener("click", () => show(name));
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  $("message").addEventListener("input", (event) => grow(event.target));
  $("message").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  $("system").addEventListener("input", seeSoon);
  $("see").addEventListener("change", see);
  $("tint").addEventListener("change", () => $("talk").classList.toggle("by-p", $("tint").checked));
  $("forget").addEventListener("click", () => { state.answering?.abort(); state.messages = []; renderTalk(); see(); });
  document.addEventListener("keydown", onKey);
  if (matchMedia("(max-width: 820px)").matches) $("knob-panel").open = false;
}

async function begin() {
  wire();
  let answer;
  try {
    answer = await fetch("/api/model", { headers: key() });
  } catch {
    await serverIsGone();
    return location.reload();
  }
  if (answer.status === 401) return askForKey();
  const model = (state.model = await answer.json());
  state.defaults = { ...state.knobs, ...model.sampling };
  state.knobs = { ...state.defaults };
  const starts = model.examples.texts.length ? model.examples.texts : STARTS;
  state.prompt = starts[0];
  readAddress();
  KNOBS.forEach((knob) => knob.show());
  fill($("starts"), ...proposals(starts, "prompt", setPrompt));
  $("prompt").value = state.prompt;
  grow($("prompt"));
  $("model-name").textContent = model.name;
  document.title = `${model.name} · llmworks`;
  $("model-facts").textContent = `${(model.parameters / 1e6).toFixed(1)} M parameters · ${model.layers} layers × ${model.width}`
    + ` · ${thousands(model.vocabulary)} tokens known`;
  if (!model.chat) {
    $("no-chat").hidden = false;
    $("no-chat").textContent = "This model carries no chat template: it was trained to go on with a text, not to answer. "
      + "What you write here is continued as it stands.";
  }
  show(state.tab);
  if (state.tab === "chat") refresh();
}

begin();
