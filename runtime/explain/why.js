// Why a line is what it is: its statement with numbers, the chain rule, and the rule that it applies.

function explain(what) {
  const box = document.getElementById("why");
  box.replaceChildren(...(what ? said(what) : [make("p", { class: "hint" }, summary())]));
}

function summary() {
  if (!run.steps.length) return "Point at a line to see what it is made of.";
  if (run.now === 0) return `At the start: the arguments are set. ${run.steps.length} steps follow.`;
  const value = page.results > 1 ? page.returned[""].map(few).join(", ") : few(page.returned[""]);
  const { left_out: more } = page.run;
  if (more) return `${page.function} = ${value}. A page holds ${run.steps.length} steps: ${more} more of this run are left out.`;
  return `${page.function} = ${value}. The whole run is shown; press play, or go back step by step.`;
}

function said({ kind, key }) {
  if (kind === "node") return saidOfNode(nodeOf.get(key));
  if (kind === "source") return saidOfSource(Number(key));
  return saidOfCode(lineOf.get(Number(key)));
}

function saidOfSource(number) {
  const equation = page.mathematics.find((one) => one.line === number);
  const text = page.source[number - 1].text.trim();
  const parts = [make("p", {}, make("b", {}, `line ${number} `), equation ? formula(equation.made) : make("code", {}, text))];
  const lines = page.code.lines.filter((line) => line.kind === "statement" && line.sources[0] === number);
  const backward = lines.filter((line) => line.section === "backward" && line.by.length && !line.rule.includes("is read"));
  if (backward.length) parts.push(make("p", {}, "backward: ", list(unique(backward.map((line) => line.sets)), "code")));
  const kinks = (page.report?.kinks ?? []).filter((kink) => kink.source === number);
  return [...parts, ...kinks.map((kink) => make("p", { class: "kink" }, kink.said))];
}

function saidOfNode(node) {
  const head = make("p", {}, make("b", {}, node.name), node.said === node.name ? "" : ` (${node.said})`, node.formula ? ` = ${node.formula}` : "", holds(node.name));
  const line = page.code.lines.find((one) => one.kind === "statement" && one.by.includes(node.name));
  if (line) return [head, chain(line, node.name)];
  if (isHeld(node.name)) return [head, make("p", {}, HELD)];
  const none = node.role === "argument" || node.role === "parameter" ? "no derivative is taken by it" : "the text keeps no derivative by it of its own";
  return [head, make("p", {}, none)];
}

function holds(name) {
  const held = run.held.get(name);
  return held === undefined ? "" : ` = ${Array.isArray(held) ? exact(held).slice(0, 120) : exact(held)}`;
}

function saidOfCode(line) {
  const parts = [];
  if (line.kind === "statement" || line.kind === "more") {
    parts.push(make("p", { class: "statement" }, make("code", {}, withNumbers(line))));
    if (line.by.length) parts.push(chain(line));
    else if (line.section === "backward") parts.push(make("p", {}, part(line)));
    else parts.push(make("p", {}, role(line)));
    if (line.rule) parts.push(ruleOf(line));
    const found = answer(line);
    if (found && !found.holds) parts.push(make("p", {}, `${found.said} does not hold, so no derivative flows here`));
    const step = run.last(line.number);
    const kink = step && kinkAt(step);
    if (kink) parts.push(make("p", { class: "kink" }, `Here this run stands at a kink. ${kink.said}`));
  } else if (line.kind === "branch") {
    const found = answer(line);
    const cut = line.section === "backward" ? "no derivative flows" : "the other arm is taken";
    parts.push(make("p", {}, make("code", {}, line.text.trim()), found ? ` asks ${found.said}: ${found.holds ? "yes" : `no, so ${cut} here`}` : ""));
  } else {
    parts.push(make("p", {}, make("code", {}, line.text.trim())));
  }
  return parts;
}

function role(line) {
  const readers = unique(page.code.lines.filter((other) => other.kind === "statement" && other.section === "forward" && other.reads.includes(line.sets) && other.sets !== line.sets).map((other) => other.sets));
  const where = line.sources.length ? `${line.sets} comes of line ${line.sources.join(", called in line ")}` : line.sets;
  const read = readers.length && line.section === "forward" ? `${where}; it is read for ${readers.join(", ")}` : where;
  return isHeld(line.sets) ? `${read}; it is ${HELD}` : read;
}

const HELD = "held constant (detach): no derivative passes here";

function isHeld(name) {
  return page.code.lines.some((line) => line.kind === "statement" && line.sets === name && line.held);
}

/** What is no derivative by any one value, but is handed on to some. */
function part(line) {
  const readers = page.code.lines.filter((other) => other.kind === "statement" && other.reads.includes(line.sets) && other.sets !== line.sets);
  const from = unique(line.reads.filter((name) => byOf(name).length));
  const to = unique(readers.map((other) => other.sets));
  return `${line.sets} is a part of ${to.join(" and of ") || "a derivative"}${from.length ? `, made of ${from.join(" and ")}` : ""}`;
}

/** `dn` is the derivative of out by n; the chain rule over all that read n, and what of it this line adds. */
function chain(line, by = line.by[0]) {
  const words = [make("b", {}, line.sets), ` is the derivative of ${page.result} by ${line.by.map((name) => nodeOf.get(name)?.said ?? name).join(" and ")}`];
  const readers = unique(page.graph.arrows.filter((arrow) => arrow.start === by).map((arrow) => arrow.end));
  if (!readers.length) return make("p", {}, ...words, ".");
  const adding = page.code.lines.filter((other) => other.kind === "statement" && other.sets === line.sets && !other.starts);
  const through = unique(adding.flatMap((other) => passed(other, readers)));
  const told = adding.every((other) => passed(other, readers).length);
  const terms = told ? readers.filter((name) => through.includes(name)) : readers;
  const stopped = page.style === "lesson" ? readers.filter((name) => !terms.includes(name)) : [];
  const sum = terms.flatMap((reader, place) => [...(place ? [["mo", "+"]] : []), partial(page.result, reader), partial(reader, by)]);
  const made = formula(["mrow", partial(page.result, by), ["mo", "="], ...sum]);
  const own = told && terms.length > 1 ? passed(line, readers) : [];
  const why = (name) => (isHeld(name) ? `${name}, which is held constant (detach)` : name);
  const rest = [
    own.length ? `this line adds what comes through ${own.join(", ")}` : "",
    stopped.length ? `none flows through ${stopped.map(why).join(", ")}` : "",
  ].filter(Boolean);
  return make("p", {}, ...words, `, which is read for ${readers.join(", ")}: `, made, rest.length ? `; ${rest.join("; ")}` : "");
}

/** Of the readers of a value those whose derivatives a line hands on. */
function passed(line, readers) {
  return unique(line.reads.flatMap(byOf)).filter((name) => readers.includes(name));
}

function partial(of, by) {
  return ["mfrac", ["mrow", ["mo", "∂"], page.symbols[of] ?? ["mi", of]], ["mrow", ["mo", "∂"], page.symbols[by] ?? ["mi", by]]];
}

function ruleOf(line) {
  const adjoint = page.mathematics.flatMap((one) => one.adjoints).find((one) => one.line === line.number);
  const over = line.rule.split("; summed over ")[1];
  const after = over ? `, added up over ${over}` : "";
  return adjoint?.rule ? make("p", {}, "rule: ", formula(adjoint.rule), after) : make("p", {}, line.rule);
}

/** A statement with what it reads in numbers, and what it set. */
function withNumbers(line) {
  const first = line.kind === "more" ? page.code.lines.findLast((one) => one.kind === "statement" && one.number < line.number) : line;
  const step = run.last(first.number);
  const turns = run.turns(step);
  const lines = page.code.lines.filter((one) => one.number >= first.number && one.number <= first.end);
  const places = (one) => first.places.filter((place) => place.line === one.number);
  const text = run.after(first.number, () => lines.map((one) => replaced(one, places(one), step ? turns : null)).join(" "));
  return step ? `${text}  →  ${shown(step[STEP.value])}` : text;
}

function replaced(line, places, turns) {
  const text = line.text;
  const comment = line.pieces.find(([kind]) => kind === "comment");
  const end = comment ? text.length - comment[1].length : text.length;
  let made = "";
  let done = 0;
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    const value = turns && !place.sets ? valueAt(place, turns) : undefined;
    if (value === undefined || Array.isArray(value) || place.start < done) continue;
    made += text.slice(done, place.start) + (value < 0 ? `(${shown(value)})` : shown(value));
    done = place.end;
  }
  return (made + text.slice(done, end)).trim();
}

function unique(names) {
  return [...new Set(names)];
}

function list(names, tag) {
  const span = make("span");
  names.forEach((name, place) => span.append(place ? ", " : "", make(tag, {}, name)));
  return span;
}
