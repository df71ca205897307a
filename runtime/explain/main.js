// The page put together: what is shown at each moment, and what the reader does with it.

const control = (name) => document.getElementById(name);
let playing = null;

function fillHead() {
  for (const name of ["point", "verdict"]) control(name).replaceChildren();
  control("title").textContent = page.function;
  control("title").append(make("small", {}, ` ${page.path}`));
  control("signature").textContent = page.signature;
  const point = page.given.filter((one) => nodeOf.get(one.name)?.role !== "parameter");
  const shownPoint = point.map((one) => make("span", { title: exact(one.value).slice(0, 400) }, `${one.said} = ${few(one.value)}`));
  if (point.length) control("point").append("at ", ...shownPoint.flatMap((span, place) => (place ? [", ", span] : [span])));
  if (page.drawn.length) control("point").append(make("em", {}, ` (drawn by chance: ${page.drawn.join(", ")})`));
  const verdict = page.report?.verdict ?? "not verified";
  control("verdict").textContent = verdict;
  control("verdict").className = `verdict ${verdict.replace(" ", "-")}`;
  control("time").max = run.steps.length;
}

/** Everything as it is after `run.now` steps. */
function show() {
  const step = run.step;
  const during = run.now < run.steps.length;
  for (const [number, [item]] of shownAs.code) showMargin(lineOf.get(number), item);
  for (const item of document.querySelectorAll(".line.current")) {
    item.classList.remove("current");
    item.removeAttribute("aria-current");
  }
  if (step && during) {
    const [item] = shownAs.code.get(step[STEP.line]);
    item.classList.add("current");
    item.setAttribute("aria-current", "step");
    scrollInto(item.closest(".lines"), item);
  }
  showNumbers();
  for (const [name, rows] of shownAs.row) {
    const { said, derivative } = nodeOf.get(name);
    const value = during ? undefined : page.returned[said];
    for (const row of rows) row.querySelector(".margin").textContent = shown(value ?? (derivative ? run.held.get(derivative) : undefined));
  }
  control("time").value = run.now;
  const turns = [...run.turns()].map(([name, turn]) => `${name} = ${turn}`).join(", ");
  control("place").textContent = run.steps.length ? `${run.now} of ${run.steps.length}${during && turns ? ` · ${turns}` : ""}${page.run.left_out ? ` (${page.run.left_out} more are left out)` : ""}` : "no run";
  rest();
  if (step && during) reveal(shownAs.code.get(step[STEP.line])[0]);
}

function showMargin(line, item) {
  const margin = item.querySelector(".margin");
  const step = run.last(line.number);
  const found = answer(line);
  item.classList.toggle("cut", found?.holds === false);
  item.classList.toggle("done", step !== undefined);
  if (line.kind === "loop") {
    const turn = run.turns().get(line.sets);
    const inside = run.step && line.number < run.step[STEP.line] && run.step[STEP.line] <= line.end;
    margin.textContent = inside && run.now < run.steps.length && turn !== undefined ? `${line.sets} = ${turn}` : "";
  } else if (found && (line.kind === "branch" || !found.holds)) {
    margin.textContent = `${found.said} ${found.holds ? "✓" : "✗ cut off"}`;
  } else {
    margin.textContent = step ? shown(step[STEP.value]) : "";
    margin.title = step ? exact(step[STEP.value]).slice(0, 400) : "";
  }
}

function go(time) {
  run.goTo(time);
  show();
}

function play() {
  if (playing) return stop();
  if (run.now === run.steps.length) run.goTo(0);
  control("why").setAttribute("aria-live", "off");
  control("play").textContent = "pause";
  tick();
}

function tick() {
  go(run.now + 1);
  playing = run.now < run.steps.length ? setTimeout(tick, Number(control("pace").value)) : null;
  if (!playing) stop();
}

function stop() {
  clearTimeout(playing);
  playing = null;
  control("why").setAttribute("aria-live", "polite");
  control("play").textContent = "play";
}

const actions = {
  first: () => go(0),
  back: () => go(run.now - 1),
  step: () => go(run.now === run.steps.length ? run.now : run.now + 1),
  turn: () => go(nextTurn()),
  out: () => go(pastLoop()),
  last: () => go(run.steps.length),
};
const keys = { ArrowRight: "step", ArrowLeft: "back", Home: "first", End: "last", "]": "out" };

function pressed(event) {
  if (event.target.closest("input, select, textarea") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") pinned = null;
  if (event.key === "Escape") return rest();
  if (event.key === " " && !event.target.closest("button, a, summary")) play();
  else if (event.key === "Enter" && pointed(event.target) && !event.target.closest("a")) pin(pointed(event.target));
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") return moved(event);
  else if (keys[event.key]) taken(event.shiftKey && event.key === "ArrowRight" ? "turn" : keys[event.key]);
  else return;
  event.preventDefault();
}

function taken(action) {
  stop();
  pinned = null;
  actions[action]();
}

/** Up and down move from line to line, or from node to node. */
function moved(event) {
  const here = event.target.closest("[tabindex][data-kind]");
  if (!here) return;
  const pane = here.closest(".pane");
  const all = [...pane.querySelectorAll("[tabindex][data-kind]")];
  const next = all[all.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) focusOn(next);
  event.preventDefault();
}

/** One element of a pane is in the order of Tab: the one that had the focus last. */
function focusOn(element) {
  for (const other of element.closest(".pane").querySelectorAll("[tabindex='0'][data-kind]")) other.tabIndex = -1;
  element.tabIndex = 0;
  element.focus({ preventScroll: false });
}

function linked() {
  const target = document.getElementById(location.hash.slice(1));
  const what = pointed(target);
  if (!what) return;
  pinned = what;
  attend(what);
  target.scrollIntoView({ block: "nearest" });
}

function listen() {
  const main = document.querySelector("main");
  main.addEventListener("mouseover", (event) => {
    const what = pointed(event.target);
    if (what && !playing) attend(what);
  });
  main.addEventListener("mouseleave", () => playing || rest());
  main.addEventListener("focusin", (event) => pointed(event.target) && attend(pointed(event.target)));
  main.addEventListener("click", (event) => {
    const what = pointed(event.target);
    if (what && !event.target.closest("a")) pin(what);
  });
  for (const name of Object.keys(actions)) control(name).addEventListener("click", () => taken(name));
  control("play").addEventListener("click", play);
  control("time").addEventListener("input", (event) => {
    stop();
    go(Number(event.target.value));
  });
  document.addEventListener("keydown", pressed);
  addEventListener("hashchange", linked);
  addEventListener("beforeprint", () => go(run.steps.length));
}

/** The page of these data, at the end of its run. */
function render(data) {
  take(data);
  run.start();
  pinned = null;
  clearPanes();
  fillHead();
  fillSource();
  fillCode();
  fillMathematics();
  drawGraph();
  fillFindings();
  for (const pane of document.querySelectorAll(".pane")) {
    const first = pane.querySelector("[tabindex][data-kind]");
    if (first) first.tabIndex = 0;
  }
  go(run.steps.length);
}

const data = JSON.parse(document.getElementById("data").textContent);
listen();
if (data.text === undefined) render(data);
else live(data);
linked();
