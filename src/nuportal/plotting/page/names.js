// Names on the edges of the limits that are the strongest on at least a hundredth of what is shown, of the main one
// always, and of one limit in each region that would else stand without a name. Names that would overlap are left out.

const NAMED = 0.01;

function writeNames(picture, mode) {
  picture.names.replaceChildren();
  const taken = [];
  for (const [limit, places] of namedPlaces(picture, mode)) {
    const text = drawn("text", { class: "name", "text-anchor": "middle", "data-limit": limit.name });
    text.style.fill = picture.colour[limit.group];
    text.append(...typesetDrawn(limit.label, 14.5));
    picture.names.append(text);
    const box = text.getBBox();
    const best = bestPlace(picture, places, box.width / 2 + 4, box.height / 2, taken);
    if (!best) {
      text.remove();
      continue;
    }
    text.setAttribute("x", best[0]);
    text.setAttribute("y", best[1] + 5);
    taken.push([best[0], best[1], box.width / 2 + 4, box.height / 2]);
  }
}

// The limits to be named with the places on screen where their names may stand [x, y, worth], the largest first.
function namedPlaces(picture, mode) {
  const bands = shownBands(picture), area = new Map();
  for (const { limit, share } of bands) area.set(limit, (area.get(limit) ?? 0) + share / picture.bands.length);
  const chosen = new Map();
  for (const band of bands) {
    if (area.get(band.limit) < NAMED || (mode === "union" && !band.outer)) continue;
    chosen.set(band.limit, [...(chosen.get(band.limit) ?? []), placed(picture, band, mode === "strongest")]);
  }
  if (mode === "groups") {
    for (const group of new Set(picture.exclusions.map((limit) => limit.group))) {
      if (![...chosen.keys()].some((limit) => limit.group === group)) nameGroup(picture, group, chosen);
    }
  }
  const others = picture.exclusions.filter((limit) => limit.main && !chosen.has(limit));
  for (const limit of [...others, ...picture.outside]) chosen.set(limit, onLine(picture, limit));
  const rank = (limit) => (limit.main ? 1 : 0) + (area.get(limit) ?? 0);
  return [...chosen].sort((a, b) => rank(b[0]) - rank(a[0]));
}

// The bands of the picture as far as they are shown, with their share of the column and where they stand.
function shownBands(picture, bands = picture.bands) {
  const upright = picture.plane.along === "y";
  const [from, to] = upright ? picture.x : picture.y, [bottom, top] = upright ? picture.y : picture.x;
  return bands.flatMap((column, k) => column.flatMap((band) => {
    const low = Math.max(band.low, bottom), high = Math.min(band.high, top);
    const t = from + ((k + 0.5) / bands.length) * (to - from);
    return high > low ? [{ ...band, t, low, high, share: (high - low) / (top - bottom) }] : [];
  }));
}

// A place just inside the edge of a limit, or of its band; places on the outer edge are worth more.
function placed(picture, { t, low, high, own, outer }, banded) {
  const upright = picture.plane.along === "y";
  const [bottom, top] = upright ? picture.y : picture.x;
  const scale = (upright ? picture.height : picture.width) / (top - bottom);
  const thick = (high - low) * scale;
  const start = banded || own < bottom ? low : own;
  const s = start + Math.min(thick / 2, 20) / scale;
  const [x, y] = picture.place(upright ? [t, s] : [s, t]);
  return [x, y, Math.min(thick, 40) + (outer ? 40 : 0)];
}

// Name the limit that is the strongest of its group on the largest part of what is shown.
function nameGroup(picture, group, chosen) {
  const members = picture.exclusions.filter((limit) => limit.group === group);
  const [from, to] = picture.plane.along === "y" ? picture.x : picture.y;
  const area = new Map(), places = new Map();
  for (const band of shownBands(picture, strongest(members, from, to, 150))) {
    area.set(band.limit, (area.get(band.limit) ?? 0) + band.share / 150);
    places.set(band.limit, [...(places.get(band.limit) ?? []), placed(picture, band, false)]);
  }
  const [limit] = [...area].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (limit && area.get(limit) >= NAMED) chosen.set(limit, places.get(limit));
}

function onLine(picture, limit) {
  return limit.segments.map(([t, s]) => [...picture.place(picture.plane.along === "y" ? [t, s] : [s, t]), 1]);
}

// The place of most worth, near the middle of all, that is free of other names; null if there is none.
function bestPlace(picture, places, half, tall, taken) {
  const middle = places.reduce((sum, [x]) => sum + x, 0) / places.length;
  let best = null, most = -Infinity;
  for (const [x, y, worth] of places) {
    const inside = x - half > picture.left && x + half < picture.left + picture.width
      && y - tall > picture.top && y + tall < picture.top + picture.height;
    if (!inside || taken.some(([a, b, w, h]) => Math.abs(a - x) < w + half && Math.abs(b - y) < h + tall)) continue;
    const score = worth - 0.05 * Math.abs(x - middle);
    if (score > most) [best, most] = [[x, y], score];
  }
  return best;
}
