// The graph: a node for each value, with what it holds and the derivative of the result by it.

let arrows = [];

function drawGraph() {
  const { width, height, nodes, arrows: edges } = page.graph;
  arrows = [];
  const box = document.querySelector("#graph .drawing");
  const picture = draw("svg", { viewBox: `-4 -4 ${width + 8} ${height + 8}`, width: width + 8, height: height + 8, "aria-label": `what the values of ${page.function} are made of` });
  for (const edge of edges) picture.append(arrowOf(edge));
  for (const node of nodes) picture.append(nodeOfGraph(node));
  box.replaceChildren(picture);
}

function arrowOf({ start, end, points }) {
  const arrow = draw("path", { class: "arrow", d: curve(points) });
  arrows.push({ start, end, arrow });
  return arrow;
}

/** Straight through the columns that an arrow crosses, bent between them, with a head at its end. */
function curve(points) {
  let path = `M${points[0]}`;
  points.slice(1).forEach(([x, y], place) => {
    const [before, row] = points[place];
    const middle = (before + x) / 2;
    path += row === y ? `L${x},${y}` : `C${middle},${row} ${middle},${y} ${x},${y}`;
  });
  const [x, y] = points[points.length - 1];
  return `${path}M${x - 7},${y - 4}L${x},${y}L${x - 7},${y + 4}`;
}

function nodeOfGraph(node) {
  const { x, y, width, height } = node.box;
  const size = node.shape.length ? `[${node.shape.join(", ")}]` : "";
  const group = draw("g", { class: `node ${node.role}`, tabindex: "-1", role: "group", "aria-label": labelOf(node, size), transform: `translate(${x},${y})` });
  group.append(draw("rect", { width, height, rx: node.role === "value" || node.role === "result" ? 6 : 16 }));
  group.append(draw("text", { class: "name", x: width / 2, y: 16 }, node.name, draw("tspan", { class: "shape" }, size)));
  group.append(draw("text", { class: "formula", x: width / 2, y: 29 }, node.formula));
  group.append(draw("text", { class: "data", x: width / 2, y: node.formula ? 42 : 35 }));
  group.append(draw("text", { class: "grad", x: width / 2, y: node.formula ? 54 : 50 }));
  group.dataset.kind = "node";
  group.dataset.key = node.name;
  enter("node", node.name, group);
  return group;
}

function labelOf(node, size) {
  const role = node.role === "value" ? "" : `${node.role} `;
  return `${role}${node.said}${size}${node.formula ? ` = ${node.formula}` : ""}`;
}

/** The numbers in the nodes, as they are now; the entry that was set last is shown by itself. */
function showNumbers() {
  const step = run.now < run.steps.length ? run.step : null;
  for (const node of page.graph.nodes) {
    const [group] = shownAs.node.get(node.name);
    const room = node.shape.length ? 2 : 1;
    group.querySelector(".data").textContent = numberOf(node.name, step, room);
    const derivative = node.derivative ? numberOf(node.derivative, step, room) : "";
    group.querySelector(".grad").textContent = derivative ? `∂ ${derivative}` : "";
    for (const text of group.querySelectorAll(".data, .grad")) fit(text, node.box.width - 8);
    group.classList.toggle("now", step !== null && (step[STEP.name] === node.name || step[STEP.name] === node.derivative));
  }
}

/** Text that would be wider than its box, pressed into it. */
function fit(text, width) {
  text.removeAttribute("textLength");
  if (text.textContent.length * 6 <= width || text.getComputedTextLength() <= width) return;
  text.setAttribute("textLength", width);
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

function numberOf(name, step, room) {
  const held = run.held.get(name);
  if (!Array.isArray(held)) return shown(held);
  if (step && step[STEP.name] === name && step[STEP.at].length) return `[${step[STEP.at]}]: ${shown(step[STEP.value])}`;
  const flat = held.flat(Infinity);
  const first = flat.slice(0, room).map((number) => shown(number, 3)).join(", ");
  return flat.length > room ? `${first}, …` : first;
}
