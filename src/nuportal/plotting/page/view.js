// The window on the plane, and the ticks of an axis in it.

const WHOLE = [0, 1];
const CLOSEST = 1e-3; // the smallest share of an axis that is shown

function toValue(axis, share) {
  if (axis.scale === "log") return axis.low * (axis.high / axis.low) ** share;
  return axis.low + share * (axis.high - axis.low);
}

function toShare(axis, value) {
  if (axis.scale === "log") return Math.log(value / axis.low) / Math.log(axis.high / axis.low);
  return (value - axis.low) / (axis.high - axis.low);
}

// A window [from, to] moved and stretched so that it lies in the plane.
function within([from, to]) {
  const width = Math.min(1, Math.max(CLOSEST, to - from));
  const start = Math.min(1 - width, Math.max(0, (from + to - width) / 2));
  return [start, start + width];
}

function zoomed([from, to], about, factor) {
  const width = Math.min(1, Math.max(CLOSEST, (to - from) * factor));
  const share = (about - from) / (to - from);
  return within([about - share * width, about + (1 - share) * width]);
}

// Ticks of an axis in a window: [share, text or ""] with at most about `room` texts.
function ticks(axis, [from, to], room) {
  const low = toValue(axis, from), high = toValue(axis, to);
  const decades = axis.scale === "log" ? Math.log10(high / low) : 0;
  const values = decades >= 1.2 ? powers(low, high, room) : even(low, high, room);
  return values.map(([value, text]) => [toShare(axis, value), text]);
}

function powers(low, high, room) {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  const every = Math.ceil((last - first) / room) || 1;
  const between = last - first <= 3 && room >= 6 ? [2, 5] : [];
  const text = (value, n) => (last - first > 4 && n !== 0 && n !== 1 ? power(n) : number(value, 2));
  const found = [];
  for (let n = first; n <= last; n++) {
    const digits = last - first <= 12 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1];
    for (const digit of digits) {
      const value = digit * 10 ** n;
      const named = digit === 1 ? n % every === 0 : between.includes(digit);
      if (value >= low * 0.999999 && value <= high * 1.000001) found.push([value, named ? text(value, n) : ""]);
    }
  }
  return found;
}

function even(low, high, room) {
  const rough = (high - low) / Math.min(room, 7);
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * size).find((s) => s >= rough);
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high * (1 + 1e-12); n++) found.push([n * step, number(n * step, 6)]);
  return found;
}
