// What all parts share: the data, making elements, numbers as text.

let page = null;
let lineOf = new Map();
let nodeOf = new Map();
let nodeSaid = new Map();
const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

function take(data) {
  page = data;
  lineOf = new Map(page.code.lines.map((line) => [line.number, line]));
  nodeOf = new Map(page.graph.nodes.map((node) => [node.name, node]));
  nodeSaid = new Map(page.graph.nodes.map((node) => [node.said, node]));
}

/** An element with attributes and children; what is text stays text. */
function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Nested lists such as ["mfrac", ["mi", "x"], ["mn", "2"]] as MathML. */
function formula(made) {
  const math = document.createElementNS(MATHML, "math");
  math.setAttribute("displaystyle", "true");
  math.append(mathematics(made));
  return math;
}

function mathematics([tag, ...children]) {
  const element = document.createElementNS(MATHML, tag);
  if (tag === "mspace") element.setAttribute("width", "0.17em");
  if (tag === "mtable") element.setAttribute("columnalign", "left");
  for (const child of children) element.append(typeof child === "string" ? child.replaceAll(" ", "\u00a0") : mathematics(child));
  return element;
}

/** A number in a few digits; of an array its sizes, where its rows differ the least and the largest: `3 × 0…2`. */
function shown(value, digits = 4) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return `[${sizes(value).join(" × ")}]`;
  if (typeof value === "string") return value.replace("-", "−");
  if (typeof value === "boolean") return String(value);
  const size = Math.abs(value);
  const isPlain = Number.isInteger(value) ? size < 1e6 : size >= 1e-3 && size < 1e6;
  const text = isPlain ? String(Number(value.toPrecision(Number.isInteger(value) ? 6 : digits))) : value.toExponential(digits - 2).replace(/\.?0*e/, "e");
  return text.replace(/-/g, "−");
}

/** The number itself, to its last digit. */
function exact(value) {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function sizes(array) {
  const found = [];
  for (let level = [array]; level.length && level.every(Array.isArray); level = level.flat()) {
    const lengths = level.map((row) => row.length);
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    found.push(least === most ? String(most) : `${least}…${most}`);
  }
  return found;
}

/** An array of a few numbers by its numbers, a larger one by its sizes. */
function few(value) {
  const written = (part) => (Array.isArray(part) ? `[${part.map(written).join(", ")}]` : shown(part));
  return Array.isArray(value) && value.flat(Infinity).length <= 4 ? written(value) : shown(value);
}

function copied(value) {
  return Array.isArray(value) ? value.map(copied) : value;
}
