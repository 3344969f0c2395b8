// The state (kept in the address), and what pointer, wheel, fingers and keys do with it.

const plane = JSON.parse(document.getElementById("plane").textContent);
for (const limit of plane.limits) prepare(limit, plane.along);
const byName = new Map(plane.limits.map((limit) => [limit.name, limit]));
const usuallyOff = plane.limits.filter((limit) => limit.kind !== "exclusion").map((limit) => limit.name);
const MODES = ["groups", "strongest", "union"];
const fresh = () => ({ mode: "groups", off: new Set(usuallyOff), x: WHOLE, y: WHOLE, at: null, held: false });

const holder = document.getElementById("plot");
const picture = new Picture(holder.querySelector("svg"), plane);
let state = fresh();
let waiting = false, saving = 0;

// ---- the address: #view=union&x=1e-3:10&y=1e-9:1e-3&off=e137&on=ship&at=3.2,1e-8

function written() {
  const parts = [];
  if (state.mode !== "groups") parts.push(`view=${state.mode}`);
  for (const name of ["x", "y"]) {
    const [from, to] = state[name].map((share) => toValue(plane[name], share).toPrecision(5));
    if (state[name][1] - state[name][0] < 1) parts.push(`${name}=${Number(from)}:${Number(to)}`);
  }
  const off = plane.limits.filter((limit) => limit.kind === "exclusion" && state.off.has(limit.name));
  const on = plane.limits.filter((limit) => !state.off.has(limit.name));
  const none = off.length > plane.limits.length / 3;
  const extra = none ? on : on.filter((limit) => limit.kind !== "exclusion");
  if (none) parts.push("off=*");
  else if (off.length) parts.push(`off=${off.map((limit) => limit.name)}`);
  if (extra.length) parts.push(`on=${extra.map((limit) => limit.name)}`);
  if (state.held) parts.push(`at=${[0, 1].map((k) => Number(toValue(plane["xy"[k]], state.at[k]).toPrecision(5)))}`);
  return parts.join("&");
}

function read(text) {
  const given = new URLSearchParams(text), made = fresh();
  if (MODES.includes(given.get("view"))) made.mode = given.get("view");
  for (const name of ["x", "y"]) {
    const window = (given.get(name) ?? "").split(":").map((value) => toShare(plane[name], Number(value)));
    if (window.length === 2 && window.every(Number.isFinite) && window[0] < window[1]) made[name] = within(window);
  }
  const names = (key) => (given.get(key) ?? "").split(",");
  if (given.get("off") === "*") made.off = new Set(byName.keys());
  for (const name of names("off")) if (byName.has(name)) made.off.add(name);
  for (const name of names("on")) made.off.delete(name);
  const at = (given.get("at") ?? "").split(",").map((value, k) => toShare(plane["xy"[k]] ?? plane.x, Number(value)));
  if (at.length === 2 && at.every((share) => share >= 0 && share <= 1)) Object.assign(made, { at, held: true });
  return made;
}

function save() {
  clearTimeout(saving);
  saving = setTimeout(() => history.replaceState(null, "", `#${written()}`), 150);
}

// ---- drawing

function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    picture.draw(state);
    showSwitches(state.off);
    for (const radio of document.getElementsByName("mode")) radio.checked = radio.value === state.mode;
    point(state.at);
  });
}

function changed() {
  redraw();
  save();
}

function highlight(name) {
  picture.highlight(name && byName.get(name));
}

// Look at a point; return what is said of it.
function point(at) {
  state.at = at;
  picture.drawPoint(at);
  return at ? showPoint(plane, state, at, highlight) : "";
}

function hold(at) {
  state.held = !state.held || Boolean(at);
  const said = point(at ?? state.at);
  save();
  return said;
}

function zoom(factor, about = state.at ?? [0, 1].map((k) => (state["xy"[k]][0] + state["xy"[k]][1]) / 2)) {
  state.x = zoomed(state.x, about[0], factor);
  state.y = zoomed(state.y, about[1], factor);
  changed();
}

function move(dx, dy) {
  const [du, dv] = [dx, dy].map((d, k) => d * (state["xy"[k]][1] - state["xy"[k]][0]));
  state.x = within([state.x[0] + du, state.x[1] + du]);
  state.y = within([state.y[0] + dv, state.y[1] + dv]);
  changed();
}

function whole() {
  state.x = state.y = WHOLE;
  changed();
}

// ---- pointer, wheel, fingers

const down = new Map(); // pointers that are pressed: where they were last
let dragged = false;

function onScreen(event) {
  const box = picture.svg.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

function inPlane(place) {
  const at = picture.shares(place);
  return at.every((share, k) => share >= state["xy"[k]][0] && share <= state["xy"[k]][1]) ? at : null;
}

holder.addEventListener("pointerdown", (event) => {
  holder.setPointerCapture(event.pointerId);
  down.set(event.pointerId, onScreen(event));
  if (down.size === 1) dragged = false;
});

holder.addEventListener("pointermove", (event) => {
  const now = onScreen(event), before = down.get(event.pointerId);
  if (!before) {
    if (!state.held && event.pointerType === "mouse") point(inPlane(now) ?? state.at);
    return;
  }
  if (!dragged && Math.hypot(now[0] - before[0], now[1] - before[1]) < 5) return;
  dragged = true;
  holder.classList.add("moving");
  const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
  if (other) {
    const length = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 1;
    zoom(length(before) / length(now), picture.shares([0, 1].map((k) => (now[k] + other[k]) / 2)));
  } else {
    move((before[0] - now[0]) / picture.width, (now[1] - before[1]) / picture.height);
  }
  down.set(event.pointerId, now);
});

for (const ending of ["pointerup", "pointercancel"]) {
  holder.addEventListener(ending, (event) => {
    const at = inPlane(onScreen(event));
    const tapped = ending === "pointerup" && !dragged && down.size === 1 && at;
    down.delete(event.pointerId);
    if (!down.size) holder.classList.remove("moving");
    if (tapped && state.held && event.pointerType === "mouse") hold();
    else if (tapped) hold(at);
  });
}

holder.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(2 ** (Math.sign(event.deltaY) * Math.min(1, Math.abs(event.deltaY) / 200)), inPlane(onScreen(event)) ?? undefined);
}, { passive: false });

// ---- keys

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

holder.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const spoken = document.getElementById("spoken");
  if (event.key in STEPS) spoken.textContent = step(STEPS[event.key], event.shiftKey ? 0.1 : 0.01);
  else if (event.key === "+" || event.key === "=") zoom(1 / 1.5);
  else if (event.key === "-") zoom(1.5);
  else if (event.key === "0") whole();
  else if (event.key === "Enter" && state.at) spoken.textContent = hold();
  else if (event.key === "Escape" && state.held) hold();
  else return;
  event.preventDefault();
});

// Move the point; the window follows where it would leave it.
function step(direction, share) {
  const window = [state.x, state.y];
  const middle = window.map(([from, to]) => (from + to) / 2);
  const at = (state.at ?? middle).map((value, k) => {
    const moved = value + direction[k] * share * (window[k][1] - window[k][0]);
    return Math.min(1, Math.max(0, moved));
  });
  const out = at.map((value, k) => Math.max(0, value - window[k][1]) - Math.max(0, window[k][0] - value));
  if (out.some(Boolean)) move(...out.map((value, k) => value / (window[k][1] - window[k][0])));
  if (state.held) save();
  return point(at);
}

// ---- buttons and switches

document.getElementById("title").append(...typeset(plane.title), ": what is excluded");
holder.setAttribute("aria-label", `Plane of ${plain(plane.x.symbol)} and ${plain(plane.y.symbol)}`);
document.getElementById("in").addEventListener("click", () => zoom(1 / 1.5));
document.getElementById("out").addEventListener("click", () => zoom(1.5));
document.getElementById("whole").addEventListener("click", whole);
document.getElementById("tools").addEventListener("change", (event) => {
  state.mode = event.target.value;
  changed();
});

function switched(names, on) {
  for (const name of names) state.off[on ? "delete" : "add"](name);
  changed();
}

const exclusions = plane.limits.filter((limit) => limit.kind === "exclusion").map((limit) => limit.name);
document.getElementById("all").addEventListener("click", () => switched(exclusions, true));
document.getElementById("none").addEventListener("click", () => switched([...byName.keys()], false));

makeSwitches(plane, switched, highlight);
showSilent(plane);
addEventListener("hashchange", () => {
  state = read(location.hash.slice(1));
  redraw();
});
addEventListener("resize", redraw);
state = read(location.hash.slice(1));
if (!state.at) document.getElementById("found").append(element("p", {}, "Move the pointer over the plane, or tap it."));
redraw();
