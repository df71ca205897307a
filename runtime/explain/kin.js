// What belongs together: pointing at a line, an equation or a node lights its kin in every pane.

let pinned = null;

/** What lights up for something that is pointed at: {source, near, code, node, around, adjoint}, by their keys. */
function kinOf({ kind, key }) {
  if (kind === "source") return kinOfSource(Number(key));
  if (kind === "node") return kinOfNode(nodeOf.get(key));
  return kinOfCode(lineOf.get(Number(key)));
}

function kinOfSource(number) {
  const code = page.code.lines.filter((line) => line.sources[0] === number || (line.kind !== "statement" && line.sources.includes(number)));
  const far = page.code.lines.filter((line) => line.sources.slice(1).includes(number));
  const nodes = page.graph.nodes.filter((node) => node.sources.includes(number));
  const inner = page.graph.nodes.filter((node) => far.some((line) => line.sets === node.name));
  return { source: [number], near: [], code, far, node: nodes, around: inner, adjoint: code };
}

function kinOfCode(line) {
  const [own, ...calls] = line.sources;
  const same = page.code.lines.filter((other) => other !== line && line.key && other.key === line.key);
  const code = [line, ...same.filter((other) => isClose(line, other))];
  const meant = [line.sets, ...line.by].map((name) => nodeOf.get(name)).filter(Boolean);
  const read = line.reads.map((name) => nodeOf.get(name) ?? nodeOf.get(byOf(name)[0])).filter(Boolean);
  return { source: own === undefined ? [] : [own], near: calls, code, far: same, node: meant, around: read, adjoint: [line] };
}

/** Of the lines of one statement: those that set the same, and the pairs of a reader and what it hands back. */
function isClose(line, other) {
  if (line.kind === "loop" || line.kind === "other") return true;
  if (other.sets && other.sets === line.sets) return true;
  const [forward, backward] = line.section === "backward" ? [other, line] : [line, other];
  if (forward.section !== "forward" || backward.section !== "backward") return false;
  return backward.by.some((name) => forward.reads.includes(name) || (forward.sets === name && !backward.reads.length));
}

function kinOfNode(node) {
  const isOf = (line) => line.sets === node.name || line.by.includes(node.name) || (node.derivative && line.sets === node.derivative);
  const code = page.code.lines.filter((line) => line.kind !== "loop" && isOf(line));
  const far = page.code.lines.filter((line) => line.reads.includes(node.name));
  const ends = page.graph.arrows.filter((arrow) => arrow.start === node.name || arrow.end === node.name);
  const around = ends.map((arrow) => nodeOf.get(arrow.start === node.name ? arrow.end : arrow.start));
  const source = node.role === "argument" ? [page.line] : node.sources;
  return { source, near: [], code, far, node: [node], around, adjoint: code };
}

/** What a derivative is by, from its name. */
function byOf(name) {
  return page.code.lines.find((line) => line.kind === "statement" && line.sets === name)?.by ?? [];
}

function light(what) {
  for (const element of document.querySelectorAll(".kin, .near, .self")) element.classList.remove("kin", "near", "self");
  if (!what) return;
  const kin = kinOf(what);
  const names = (lines) => lines.map((line) => line.number);
  mark("source", kin.source, "kin");
  mark("source", kin.near, "near");
  mark("equation", kin.source, "kin");
  mark("code", names(kin.far), "near");
  mark("code", names(kin.code), "kin");
  mark("adjoint", names(kin.adjoint), "kin");
  mark("node", kin.node.map((node) => node.name), "kin");
  mark("node", kin.around.map((node) => node.name), "near");
  mark("row", kin.node.map((node) => node.name), "kin");
  const lit = new Set(kin.node.map((node) => node.name));
  for (const { start, end, arrow } of arrows) arrow.classList.toggle("kin", lit.has(start) || lit.has(end));
  const own = { source: "source", code: "code", node: "node" }[what.kind];
  mark(own, [what.kind === "node" ? what.key : Number(what.key)], "self");
}

function mark(kind, keys, name) {
  for (const key of keys) for (const element of shownAs[kind].get(key) ?? []) element.classList.add(name);
}

/** Bring what is lit into sight in the other panes, without moving the page. */
function reveal(from) {
  for (const pane of document.querySelectorAll(".lines, .equations, .drawing, .findings .scroll")) {
    if (pane.contains(from)) continue;
    const found = [".self", ".adjoint.kin", ".kin:not(.arrow)", ".now"].map((lit) => pane.querySelector(lit)).find(Boolean);
    if (found) scrollInto(pane, found);
  }
}

function scrollInto(pane, element) {
  const [outer, inner] = [pane.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) pane.scrollTop += inner.top - outer.top - outer.height / 3;
  if (inner.left < outer.left || inner.right > outer.right) pane.scrollLeft += inner.left - outer.left - outer.width / 3;
}

function pointed(target) {
  const element = target instanceof Element ? target.closest("[data-kind]") : null;
  return element && { kind: element.dataset.kind, key: element.dataset.key, element };
}

function attend(what) {
  light(what);
  if (what) reveal(what.element);
  explain(what ?? current());
}

/** What is lit while nothing is pointed at: what was clicked, else the statement of the last step. */
function current() {
  if (pinned) return pinned;
  return run.step && run.now < run.steps.length ? { kind: "code", key: run.step[STEP.line] } : null;
}

function rest() {
  const what = current();
  light(what);
  explain(what);
}

function pin(what) {
  pinned = what && pinned?.kind === what.kind && String(pinned.key) === String(what.key) ? null : what;
  attend(pinned ?? what);
}
