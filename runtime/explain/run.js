// The run: what every name holds after each step, forwards and backwards in time.

const STEP = { line: 0, turn: 1, name: 2, at: 3, value: 4 };

const run = {
  steps: [],
  now: 0, // how many steps are done
  held: new Map(),
  set: new Map(), // line -> the place of its last step
  undo: [],

  start() {
    this.steps = page.run.steps;
    this.now = 0;
    this.held.clear();
    this.set.clear();
    this.undo = [];
    for (const { name, value } of page.given) this.held.set(name, copied(value));
    for (const [name, value] of Object.entries(page.sizes)) this.held.set(name, value);
  },

  goTo(time) {
    const wanted = Math.max(0, Math.min(time, this.steps.length));
    while (this.now < wanted) this.forward();
    while (this.now > wanted) this.back();
  },

  forward() {
    const [line, , name, at, value] = this.steps[this.now];
    this.undo.push([entry(this.held.get(name), at), this.set.get(line)]);
    this.hold(name, at, copied(value));
    this.set.set(line, this.now);
    this.now += 1;
  },

  back() {
    this.now -= 1;
    const [line, , name, at] = this.steps[this.now];
    const [value, set] = this.undo.pop();
    if (value === undefined) this.held.delete(name);
    else this.hold(name, at, value);
    if (set === undefined) this.set.delete(line);
    else this.set.set(line, set);
  },

  hold(name, at, value) {
    if (at.length) entry(this.held.get(name), at.slice(0, -1))[at[at.length - 1]] = value;
    else this.held.set(name, value);
  },

  /** The step that was taken last. */
  get step() {
    return this.now ? this.steps[this.now - 1] : null;
  },

  /** The step at which a line was executed last. */
  last(line) {
    return this.steps[this.set.get(line)];
  },

  /** What `look` sees just after the last step of a line. */
  after(line, look) {
    const { now } = this;
    if (this.set.has(line)) this.goTo(this.set.get(line) + 1);
    const seen = look();
    this.goTo(now);
    return seen;
  },

  /** The indices of the loops around the last step, by name. */
  turns(step = this.step) {
    const names = step ? lineOf.get(step[STEP.line]).loops : [];
    return new Map(names.map((name, place) => [name, step[STEP.turn][place]]));
  },
};

function entry(array, at) {
  return at.reduce((inner, index) => (Array.isArray(inner) ? inner[index] : undefined), array);
}

/** What a place such as W[j][k + 1] holds, with these indices of loops; undefined where it is not known. */
function valueAt(place, turns) {
  if (typeof place === "number") return place;
  const at = place.at.map((index) => number(index, turns));
  if (at.includes(undefined)) return undefined;
  return turns.has(place.name) && !at.length ? turns.get(place.name) : entry(run.held.get(place.name), at);
}

function number(index, turns) {
  if (typeof index === "number") return index;
  if (typeof index === "string") return turns.get(index) ?? run.held.get(index);
  const [sign, ...parts] = index;
  if (sign === "[]") return valueAt({ name: parts[0], at: parts.slice(1) }, turns);
  const [left, right] = parts.map((part) => number(part, turns));
  switch (sign) {
    case "+": return left + right;
    case "-": return left - right;
    case "*": return left * right;
    case "//": return Math.floor(left / right);
    default: return left - right * Math.floor(left / right);
  }
}

/** The loops around a line, from the outermost to the innermost. */
function loopsAround(number) {
  return page.code.lines.filter((line) => line.kind === "loop" && line.number < number && number <= line.end);
}

/** The next time at which the innermost loop of the last step has another turn, or is over. */
function nextTurn() {
  return later((loop, depth, step, here) => step[STEP.turn][depth] !== here[STEP.turn][depth]);
}

function pastLoop() {
  return later(() => false);
}

function later(isFound) {
  const here = run.step;
  const around = here ? loopsAround(here[STEP.line]) : [];
  if (!around.length) return run.now + 1;
  const loop = around[around.length - 1];
  for (let time = run.now; time < run.steps.length; time += 1) {
    const step = run.steps[time];
    const inside = loop.number < step[STEP.line] && step[STEP.line] <= loop.end;
    if (!inside || isFound(loop, around.length - 1, step, here)) return time + 1;
  }
  return run.steps.length;
}

/** What a line asks with the numbers of this moment, and whether it holds; null where it asks nothing, or that is not known. */
function answer(branch) {
  if (!branch.test || !run.step) return null;
  const line = run.step[STEP.line];
  if (loopsAround(branch.number).some((loop) => !(loop.number < line && line <= loop.end))) return null;
  const turns = run.turns();
  const { left, sign, right } = branch.test;
  const [a, b] = [valueAt(left, turns), valueAt(right, turns)];
  if (typeof a !== "number" || typeof b !== "number") return null;
  const holds = { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a === b, "!=": a !== b }[sign];
  return { said: `${shown(a)} ${sign} ${shown(b)}`, holds };
}

/** The kink at which a step stands, if its number is just where the derivative jumps. */
function kinkAt(step) {
  return (page.report?.kinks ?? []).find(({ condition }) => {
    const found = /^(\w+)(?:\[.*\])? = (-?[\d.]+)$/.exec(condition);
    return found && found[1] === step[STEP.name] && step[STEP.value] === Number(found[2]);
  });
}
