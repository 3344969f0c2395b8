// What stands beside and below the plane: the regions at the point, and the switches.

const WORDS = { likelihood: "from a likelihood", computed: "computed", recast: "recast" };
const KINDS = { projection: "projection", band: "favoured band", boundary: "no exclusion" };

// The axis that the limits were followed across, and the coupling along which they begin and end.
function acrossAlong(plane) {
  return plane.along === "y" ? [plane.x, plane.y] : [plane.y, plane.x];
}

// The limits that cover a point, the strongest first: [limit, [low, high]].
function covering(plane, state, [u, v]) {
  const [t, s] = plane.along === "y" ? [u, v] : [v, u];
  const found = plane.limits.map((limit) => [limit, interval(limit, t, s)]).filter(([, range]) => range);
  const rank = ([limit, [low]]) => (limit.kind === "exclusion" ? low : 10 + low);
  return found.sort((a, b) => rank(a) - rank(b));
}

function placeText(plane, [u, v]) {
  const x = quantity(plane.x, toValue(plane.x, u)), y = quantity(plane.y, toValue(plane.y, v));
  return [plain(plane.x.symbol), x, plain(plane.y.symbol), y];
}

// Show what is known of a point; return it as a sentence for a screen reader.
function showPoint(plane, state, point, highlight) {
  const heading = document.getElementById("place"), list = document.getElementById("found");
  const x = quantity(plane.x, toValue(plane.x, point[0])), y = quantity(plane.y, toValue(plane.y, point[1]));
  heading.replaceChildren(...typeset(plane.x.symbol), ` = ${x}, `, ...typeset(plane.y.symbol), ` = ${y}`);
  const all = covering(plane, state, point);
  const on = all.filter(([limit]) => !state.off.has(limit.name));
  const exclusions = on.filter(([limit]) => limit.kind === "exclusion");
  const unknown = plane.limits.filter((limit) => !state.off.has(limit.name) && limit.unknown.some((box) => holds(box, point)));
  const sum = exclusions.length ? `Excluded by ${exclusions.length}.` : "Excluded by none.";
  const hidden = all.length - on.length ? ` ${all.length - on.length} more here switched off.` : "";
  const held = state.held ? " The point is held." : "";
  list.replaceChildren(element("p", {}, sum + hidden + held));
  const rows = on.map(([limit, range], k) => row(plane, limit, range, k === 0 && limit.kind === "exclusion"));
  rows.push(...unknown.map((limit) => silentRow(plane, limit)));
  rows.forEach((made) => {
    made.addEventListener("pointerenter", () => highlight(made.dataset.name));
    made.addEventListener("pointerleave", () => highlight(null));
  });
  if (rows.length) list.append(element("ol", {}, ...rows));
  const spoken = exclusions.map(([limit]) => plain(limit.label)).join(", ");
  return `${placeText(plane, point).slice(1).filter((_, k) => k !== 1).join(", ")}. ${sum} ${spoken}`;
}

function holds([u0, u1, v0, v1], [u, v]) {
  return u0 <= u && u <= u1 && v0 <= v && v <= v1;
}

function head(plane, limit, badges) {
  const colour = Object.fromEntries(plane.groups)[limit.group];
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = colour;
  const marks = badges.map((text) => element("span", { class: `badge ${text}` }, text));
  return [swatch, element("h3", {}, ...typeset(limit.label)), ...marks];
}

function row(plane, limit, [low, high], first) {
  const badges = [first ? "strongest" : "", KINDS[limit.kind] ?? "", limit.status === "verified" ? "" : limit.status];
  const level = limit.cl ? `, ${Number((100 * limit.cl).toPrecision(3))} % CL` : "";
  const accuracy = `accuracy about ${Math.round(100 * limit.accuracy)} % in the coupling, ${WORDS[limit.method]}${level}`;
  return element("li", { "data-name": limit.name },
    ...head(plane, limit, badges.filter(Boolean)),
    element("span", { class: "fact" }, ...extent(plane, limit, low, high)),
    element("span", { class: "fact" }, ...typeset(limit.observable)),
    element("span", { class: "fact" }, accuracy),
    ...limit.notes.map((note) => element("span", { class: "source" }, ...typeset(note))),
    ...limit.sources.map(source));
}

// "excludes g = 1.2×10⁻⁹ to 3.4×10⁻⁵ here"; an end on the frame is no end.
function extent(plane, limit, low, high) {
  const [across, along] = acrossAlong(plane);
  const verb = { exclusion: "excludes ", projection: "would exclude ", band: "favours ", boundary: "marks " }[limit.kind];
  const value = (share) => quantity(along, toValue(along, share));
  const open = [low < 1e-4, high > 1 - 1e-4];
  const range = open[0] && open[1] ? "of the whole plane" : open[1] ? `= ${value(low)} and more`
    : open[0] ? `up to ${value(high)}` : `= ${value(low)} to ${value(high)}`;
  return [verb, ...typeset(along.symbol), ` ${range} at this `, ...(across.mass ? ["mass"] : typeset(across.symbol))];
}

function source([author, title, where, url]) {
  const place = url ? element("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, where) : where;
  return element("span", { class: "source" }, author ? `${author}, ` : "", ...typeset(title), where ? ", " : "", place);
}

function silentRow(plane, limit) {
  return element("li", { "data-name": limit.name }, ...head(plane, limit, ["no value here"]),
    element("span", { class: "fact" }, ...typeset(limit.why)));
}

// The switches, group by group, what is no exclusion apart. change(names, on) is called with the limits meant.
function makeSwitches(plane, change, highlight) {
  const holder = document.getElementById("groups");
  const exclusions = plane.limits.filter((limit) => limit.kind === "exclusion");
  for (const [group, colour] of plane.groups) {
    const members = exclusions.filter((limit) => limit.group === group);
    if (members.length) holder.append(switchGroup(group, colour, members, change, highlight));
  }
  const outside = plane.limits.filter((limit) => limit.kind !== "exclusion");
  if (outside.length) {
    const made = switchGroup("projections and bands", GREY, outside, change, highlight);
    made.classList.add("outside");
    holder.append(made);
  }
}

function switchGroup(name, colour, members, change, highlight) {
  const whole = element("input", { type: "checkbox", "data-group": name });
  whole.addEventListener("change", () => change(members.map((limit) => limit.name), whole.checked));
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = colour;
  const rows = members.map((limit) => {
    const box = element("input", { type: "checkbox", "data-limit": limit.name });
    box.addEventListener("change", () => change([limit.name], box.checked));
    const rest = [KINDS[limit.kind] && ` (${KINDS[limit.kind]})`, !limit.fill && " (nothing in this plane)"].filter(Boolean);
    const made = element("label", limit.fill ? {} : { class: "nothing" }, box, ...typeset(limit.label), ...rest);
    made.addEventListener("pointerenter", () => highlight(limit.name));
    made.addEventListener("pointerleave", () => highlight(null));
    return made;
  });
  const legend = element("legend", {}, element("label", {}, whole, swatch, name));
  return element("fieldset", {}, legend, ...rows);
}

function showSwitches(off) {
  for (const box of document.querySelectorAll("[data-limit][type=checkbox]")) box.checked = !off.has(box.dataset.limit);
  for (const whole of document.querySelectorAll("[data-group]")) {
    const on = [...whole.closest("fieldset").querySelectorAll("[data-limit]")].map((box) => box.checked);
    whole.checked = on.every(Boolean);
    whole.indeterminate = on.some(Boolean) && !whole.checked;
  }
}

function showSilent(plane) {
  const holder = document.getElementById("silent");
  holder.hidden = !plane.silent.length;
  holder.querySelector("summary").textContent = `${plane.silent.length} limits say nothing about this plane`;
  const rows = plane.silent.map(([label, why]) => element("li", {}, element("b", {}, ...typeset(label)), ": ", ...typeset(why)));
  holder.querySelector("ul").append(...rows);
}
