// The live page: an editor, of which each state is compiled, shown and verified.

const editing = { revision: 0, function: "", style: "lesson", values: {}, ranges: new Map(), waiting: null, verifying: null };

function live(data) {
  document.body.classList.add("live");
  document.querySelector("main").prepend(editorPane(data.text));
  editing.function = data.function;
  editing.style = data.style;
  control("style").value = data.style;
  update();
}

function editorPane(text) {
  const editor = make("textarea", { id: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-label": "the model" });
  editor.value = text;
  editor.addEventListener("input", () => soon(update, 250));
  const functions = make("select", { id: "function", "aria-label": "function" });
  functions.addEventListener("change", () => chosen("function", functions.value));
  const styles = make("select", { id: "style", "aria-label": "style" }, ...["lesson", "fused", "flat"].map((name) => make("option", {}, name)));
  styles.addEventListener("change", () => chosen("style", styles.value));
  return make("section", { class: "pane", id: "editor", "aria-labelledby": "editor-title" },
    make("h2", { id: "editor-title" }, "Model ", functions, styles),
    editor,
    make("pre", { id: "error", role: "alert", hidden: "" }),
    make("div", { id: "arguments", role: "group", "aria-label": "arguments" }));
}

function soon(act, wait) {
  clearTimeout(editing.waiting);
  editing.waiting = setTimeout(act, wait);
}

function chosen(what, value) {
  editing[what] = value;
  update();
}

function ask(what) {
  const { function: name, style, values } = editing;
  const body = JSON.stringify({ text: control("text").value, function: name, style, values });
  return fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body }).then((answer) => answer.json());
}

async function update() {
  editing.revision += 1;
  const { revision } = editing;
  clearTimeout(editing.verifying);
  const answer = await ask("page").catch(() => ({ error: "mgc play has ended: start it again" }));
  if (revision !== editing.revision) return;
  control("error").hidden = !answer.error;
  control("error").textContent = answer.error ?? "";
  document.body.classList.toggle("stale", Boolean(answer.error));
  if (answer.error) return;
  accept(answer);
  editing.verifying = setTimeout(() => verify(revision), 600);
}

function accept(answer) {
  const time = run.steps.length === answer.page.run.steps.length ? run.now : answer.page.run.steps.length;
  editing.function = answer.function;
  render(answer.page);
  go(time);
  const options = answer.functions.map((name) => make("option", {}, name));
  control("function").replaceChildren(...options);
  control("function").value = answer.function;
  control("verdict").textContent = "verifying …";
  showArguments(answer.arguments);
}

async function verify(revision) {
  const answer = await ask("verify").catch(() => ({}));
  if (revision !== editing.revision || !answer.report) return;
  page.report = answer.report;
  document.querySelector(".findings").replaceChildren();
  shownAs.row.clear();
  fillHead();
  fillFindings();
  show();
}

/** A field for each argument; one that the reader is at work on is left as it is. */
function showArguments(all) {
  const box = control("arguments");
  const names = all.map((one) => one.name).join(" ");
  if (box.dataset.names === names) {
    for (const one of all) for (const field of box.querySelectorAll(`[data-name="${one.name}"]`)) if (field !== document.activeElement) field.value = written(one);
    return;
  }
  box.dataset.names = names;
  box.replaceChildren(...all.map(argumentField));
}

function argumentField(one) {
  const field = make("input", { type: "text", "data-name": one.name, inputmode: one.shape.length ? "text" : "decimal", "aria-label": one.name });
  field.value = written(one);
  field.addEventListener("input", () => entered(one.name, field.value));
  const label = make("label", {}, make("b", {}, `${one.name}${one.shape.length ? `[${one.shape.join(", ")}]` : ""}`), field);
  return one.shape.length ? label : make("div", { class: "scalar" }, label, slider(one));
}

function slider(one) {
  const reach = Math.max(3, 2 * Math.abs(Number(one.value) || 0));
  const bar = make("input", { type: "range", min: -reach, max: reach, step: one.whole ? 1 : reach / 300, "data-name": one.name, "aria-label": `${one.name}, slider` });
  bar.value = one.value;
  bar.addEventListener("input", () => entered(one.name, bar.value));
  return bar;
}

function written(one) {
  return Array.isArray(one.value) ? JSON.stringify(one.value) : String(one.value);
}

function entered(name, text) {
  try {
    editing.values = { ...editing.values, [name]: JSON.parse(text) };
  } catch {
    return; // it is being written
  }
  soon(update, 60);
}
