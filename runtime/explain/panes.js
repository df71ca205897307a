// The panes of text: source, code, equations, and what verify found.

const shownAs = Object.fromEntries(["source", "code", "equation", "adjoint", "row", "node"].map((kind) => [kind, new Map()]));

function enter(kind, key, element) {
  shownAs[kind].set(key, [...(shownAs[kind].get(key) ?? []), element]);
}

function clearPanes() {
  for (const entries of Object.values(shownAs)) entries.clear();
  for (const note of document.querySelectorAll(".pane > .note")) note.remove();
  for (const box of document.querySelectorAll(".lines, .equations, .findings")) box.replaceChildren();
}

function fillSource() {
  const list = document.querySelector("#source .lines");
  for (const line of page.source) {
    const code = make("code", {}, line.text.slice(0, line.comment));
    if (line.comment < line.text.length) code.append(make("span", { class: "comment" }, line.text.slice(line.comment)));
    const item = make("li", { id: `L${line.number}`, class: line.is_used ? "line" : "line unused", tabindex: "-1" });
    item.append(make("a", { class: "number", href: `#L${line.number}`, tabindex: "-1", "aria-label": `line ${line.number}` }, String(line.number)), code);
    indented(item, line.text);
    item.dataset.kind = "source";
    item.dataset.key = line.number;
    list.append(item);
    enter("source", line.number, item);
  }
  for (const number of page.stopped) markLine(number, "cut off", "detach: no derivative flows on from here");
}

function note(pane, text) {
  document.getElementById(pane).append(make("p", { class: "note" }, text));
}

function fillCode() {
  const [forward, backward] = ["forward", "backward"].map((name) => document.querySelector(`#${name} .lines`));
  const reached = new Set(run.steps.map((step) => step[STEP.line]));
  for (const line of page.code.lines) {
    const isBackward = page.code.is_split && (line.section === "backward" || line.section === "end");
    (isBackward ? backward : forward).append(codeItem(line, reached));
  }
  const shared = !page.code.is_split;
  document.getElementById("forward-title").textContent = shared ? "Forward and backward, in shared loops" : "Forward";
  document.getElementById("forward").classList.toggle("both", shared);
  document.getElementById("backward").hidden = shared;
  if (!page.code.lines.some((line) => line.section === "backward")) {
    note("backward", "This function has no derivative: no float input reaches its result by operations that have one.");
  }
  if (page.run.failure) note("forward", `The run stopped: ${page.run.failure}`);
}

/** What of a line is broken stands further in than its beginning. */
function indented(item, text) {
  item.style.setProperty("--indent", `${text.length - text.trimStart().length}ch`);
}

function codeItem(line, reached) {
  const code = make("code");
  for (const [kind, text] of line.pieces) code.append(kind ? make("span", { class: kind }, text) : text);
  const item = make("li", { id: `P${line.number}`, class: `line code ${line.kind} ${line.section}`, tabindex: "-1" });
  indented(item, line.text);
  item.append(make("a", { class: "number", href: `#P${line.number}`, tabindex: "-1", "aria-label": `emitted line ${line.number}` }, String(line.number)), code);
  item.append(make("span", { class: "margin" }));
  item.dataset.kind = "code";
  item.dataset.key = line.number;
  if (line.kind === "statement" && run.steps.length && !page.run.left_out && !reached.has(line.number)) {
    item.classList.add("unreached");
    item.title = "not reached in this run";
  }
  enter("code", line.number, item);
  return item;
}

function fillMathematics() {
  const box = document.querySelector("#mathematics .equations");
  if (page.result === "L") box.append(make("p", { class: "note" }, "L is the sum of the result's entries, each times its dout; in this run these are all 1."));
  for (const one of page.mathematics) {
    const row = make("div", { class: "equation", tabindex: "-1" });
    row.append(make("a", { class: "number", href: `#L${one.line}`, tabindex: "-1", "aria-label": `line ${one.line}` }, String(one.line)), formula(one.made));
    row.dataset.kind = "source";
    row.dataset.key = one.line;
    enter("equation", one.line, row);
    box.append(row);
    for (const adjoint of [...one.parts, ...one.adjoints]) box.append(adjointRow(adjoint));
  }
}

function adjointRow(adjoint) {
  const row = make("div", { class: "equation adjoint", tabindex: "-1" });
  row.append(formula(adjoint.made));
  if (adjoint.rule) row.append(make("span", { class: "rule" }, formula(adjoint.rule)));
  row.dataset.kind = "code";
  row.dataset.key = adjoint.line;
  enter("adjoint", adjoint.line, row);
  return row;
}

function fillFindings() {
  const box = document.querySelector("#verify .findings");
  const found = page.report;
  if (!found) {
    box.append(make("p", {}, "Not verified."));
    return;
  }
  box.append(make("p", {}, make("span", { class: `verdict ${found.verdict.replace(" ", "-")}` }, found.verdict), ` ${found.title}`));
  for (const said of found.remarks) box.append(make("p", {}, said));
  for (const one of found.falsehoods) box.append(aboutLine(one, make("pre", { class: "false" }, one.said)));
  for (const one of found.kinks) box.append(aboutLine(one, make("p", { class: "kink" }, one.said)));
  if (found.rows.length) box.append(make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "each derivative" }, findingsTable(found.rows)));
  for (const said of found.notes) box.append(make("p", { class: "note" }, `note: ${said}`));
  markKinks(found.kinks);
}

function aboutLine(one, element) {
  if (one.source === null) return element;
  element.dataset.kind = "source";
  element.dataset.key = one.source;
  element.tabIndex = -1;
  return element;
}

function findingsTable(rows) {
  const table = make("table", {}, make("thead", {}, tableRow("th", ["derivative by", "is", "by", "in this run"])));
  const body = make("tbody");
  for (const row of rows) {
    const line = tableRow("td", [row.variable, row.verdict, row.method, ""]);
    const node = nodeSaid.get(row.variable);
    line.children[1].className = `status ${row.verdict.replace(" ", "-")}`;
    line.children[3].className = "margin";
    line.tabIndex = -1;
    if (node) {
      line.dataset.kind = "node";
      line.dataset.key = node.name;
      enter("row", node.name, line);
    }
    body.append(line);
  }
  table.append(body);
  return table;
}

function tableRow(tag, cells) {
  return make("tr", {}, ...cells.map((cell) => make(tag, tag === "th" ? { scope: "col" } : {}, cell)));
}

/** A line at which a derivative jumps says so, of the model and of the code. */
function markKinks(kinks) {
  for (const kink of kinks) {
    markLine(kink.source, "kink", kink.said);
    for (const item of shownAs.code.get(kink.line) ?? []) addMark(item, "kink", kink.said);
  }
}

function markLine(number, word, said) {
  for (const item of shownAs.source.get(number) ?? []) addMark(item, word, said);
}

function addMark(item, word, said) {
  if (![...item.querySelectorAll(".mark")].some((mark) => mark.textContent === word)) item.append(make("span", { class: "mark", title: said }, word));
}
