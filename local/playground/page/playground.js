"use strict";
// Data reaches the page by textContent only, because titles and tips are untrusted.

const page = Object.fromEntries([...document.querySelectorAll("[id]")].map((node) => [node.id, node]));
const GONE = "The playground does not respond. Start it again with make playground.";
let versions = {};
let path = "/recommend";
let [loads, asking, moved] = [0, false, false]; // moved: the slider, since the last change of the text

function element(name, content = "", attributes = {}) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (Array.isArray(content)) node.append(...content.filter(Boolean));
  else node.textContent = content;
  return node;
}

async function fetched(address, body) {
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(address, body && { method: "POST", headers, body: JSON.stringify(body) });
    return response.ok ? await response.json() : { problem: await response.text() };
  } catch {
    return { problem: GONE };
  }
}

function fill(select, values, chosen = values[0]) {
  select.replaceChildren(...values.map((value) => element("option", value, { value })));
  if (values.length) select.value = values.includes(chosen) ? chosen : values[0];
}

function say(text) {
  page.status.textContent = text;
}

// A later choice takes precedence over an earlier one whose response is late.
async function latest(address, use) {
  const load = ++loads;
  const told = await fetched(address);
  if (load !== loads) return;
  say(told.problem || "");
  if (!told.problem) await use(told);
}

function chooseSet() {
  return latest(`/names?set=${encodeURIComponent(page.set.value)}`, (told) => {
    fill(page.name, told.names);
    return chooseRequest();
  });
}

function chooseRequest() {
  const query = new URLSearchParams({ set: page.set.value, name: page.name.value });
  return latest(`/example?${query}`, (told) => {
    page.text.value = told.text;
    show(told.path);
    readSlider();
  });
}

function show(chosenPath) {
  const known = versions[chosenPath];
  if (chosenPath !== path || !page.a.options.length) {
    fill(page.a, known, known.at(-2));
    fill(page.b, known, known.at(-1));
  }
  path = chosenPath;
  page.path.textContent = path;
  page.slider.disabled = path !== "/recommend";
}

function readSlider() {
  try {
    page.slider.value = JSON.parse(page.text.value).science_destiny ?? 50;
  } catch {} // incomplete JSON: the server reports the error when it is sent
  showSlider(false);
}

function showSlider(isMoved) {
  moved = isMoved;
  page.value.textContent = page.slider.value;
}

async function ask() {
  if (asking) return;
  asking = true;
  const answers = [];
  page.answers.replaceChildren();
  // One after the other, so that neither delays the other and both latencies are comparable.
  for (const [place, version] of [["A", page.a.value], ["B", page.b.value]]) {
    say(`Waiting for ${version} …`);
    const slider = moved && path === "/recommend" ? Number(page.slider.value) : null;
    const told = await fetched("/ask", { path, text: page.text.value, version, slider });
    page.answers.append(answer(`${place}: ${version}`, told));
    answers.push(told);
  }
  const failed = answers.filter((told) => told.problem).length;
  say(failed ? `${failed} of 2 versions gave no tip; the reason is below.` : "A and B have answered, below.");
  asking = false;
}

function answer(name, told) {
  const heading = element("h2", name);
  if (told.problem) return element("article", [heading, element("p", told.problem, { class: "problem" })]);
  const cost = told.cost_usd === null ? "cost unknown" : `${told.cost_usd} USD`;
  const calls = told.attempts && told.attempts > 1 ? `, ${told.attempts} calls` : "";
  const tokens = `${told.prompt_tokens} + ${told.completion_tokens} tokens`;
  const facts = `${told.model}: ${Math.round(told.latency_ms)} ms, ${cost}, ${tokens}${calls}`;
  const trace = `tr-${told.serve_id}`;
  return element("article", [
    heading,
    element("p", facts, { class: "soft" }),
    told.degraded_reason && element("p", `No model: ${told.degraded_reason}`, { class: "problem" }),
    told.trace
      ? element("p", [element("a", `Trace ${trace}`, { href: told.trace, target: "_blank", rel: "noopener" })])
      : element("p", `Trace ${trace}, not in MLflow`, { class: "soft" }),
    told.note && element("p", told.note, { class: "problem" }),
    ...told.tips.map((tip) => tipSection(name, told, tip)),
    prompt(told),
    leftOut(told.left_out),
  ]);
}

function tipSection(name, told, tip) {
  const about = tip.task_title ? `«${tip.task_title}» (${tip.task_id})` : tip.task_id || "no task";
  return element("section", [
    element("blockquote", tip.content),
    element("p", tip.rationale || "Without a rationale."),
    element("p", `Kind: ${tip.kind}. Task: ${about}. Source: ${tip.source}.`, { class: "soft" }),
    thumbs(name, told, tip),
    tip.scores.length && scores(tip),
  ]);
}

function thumbs(name, told, tip) {
  const said = element("span", "", { role: "status" });
  const button = (label, action) => {
    const thumb = page.thumb.content.cloneNode(true);
    const node = element("button", [thumb, label], { type: "button", class: action, "aria-pressed": "false" });
    node.addEventListener("click", async () => {
      const { user_id, serve_id } = told;
      const sent = await fetched("/feedback", { user_id, serve_id, candidate_id: tip.candidate_id, action });
      said.textContent = sent.problem || `Sent: ${action}.`;
      if (sent.problem) return;
      for (const other of group.querySelectorAll("button")) other.setAttribute("aria-pressed", other === node);
    });
    return node;
  };
  const attributes = { class: "buttons", role: "group", "aria-label": `Feedback on this tip of ${name}` };
  const group = element("div", [button("Helpful", "helpful"), button("Not helpful", "not_helpful"), said], attributes);
  return group;
}

function scores(tip) {
  const results = { true: "passes", false: "fails", null: "does not apply" };
  const classes = { true: "passed", false: "failed", null: "soft" };
  const rows = tip.scores.map((score) => element("tr", [
    element("th", score.name + (score.is_gate ? " (gate)" : ""), { scope: "row" }),
    element("td", String(Math.round(100 * score.value)), { class: "number" }),
    element("td", results[score.passed] + (score.why && `: ${score.why}`), { class: classes[score.passed] }),
  ]));
  const head = ["Scorer", "Points", "Result and reason"].map((name) => element("th", name, { scope: "col" }));
  const gates = tip.passes_gates ? "the gates pass" : "a gate fails";
  return element("table", [
    element("caption", `Scores: ${tip.score.toFixed(1)} of 100; ${gates}`),
    element("thead", [element("tr", head)]),
    element("tbody", rows),
  ]);
}

function prompt(told) {
  const parts = told.messages.flatMap((message) => [element("h3", message.role), element("pre", message.content)]);
  const size = told.messages.reduce((sum, message) => sum + message.content.length, 0).toLocaleString("en");
  return parts.length && element("details", [
    element("summary", `Prompt: ${size} characters, about ${told.tokens.toLocaleString("en")} tokens`), ...parts,
  ]);
}

function leftOut(rows) {
  const items = rows.map((row) => element("li", `${row.what}: ${row.code}, ${row.reason}`));
  return element("details", [element("summary", `Left out of the prompt: ${rows.length}`), element("ul", items)]);
}

async function start() {
  const told = await fetched("/choices");
  if (told.problem) return say(told.problem);
  versions = told.versions;
  page.service.textContent = told.service;
  fill(page.set, told.sets);
  await chooseSet();
}

page.set.addEventListener("change", chooseSet);
page.name.addEventListener("change", chooseRequest);
page.text.addEventListener("input", readSlider);
page.slider.addEventListener("input", () => showSlider(true));
page.form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
start();
