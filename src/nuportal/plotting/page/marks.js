// Elements, typeset text and numbers. Texts come as pieces [characters, italic, shift] and are never read as HTML.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function typeset(pieces) {
  return pieces.map(([text, italic, shift]) => {
    const inner = italic ? element("i", {}, text) : document.createTextNode(text);
    return [...shift].reverse().reduce((node, mark) => element(mark === "_" ? "sub" : "sup", {}, node), inner);
  });
}

function plain(pieces) {
  return pieces.map(([text]) => text).join("");
}

// Pieces as parts of an SVG text of some size: each shift is a smaller size off the line.
function typesetDrawn(pieces, size) {
  let before = 0;
  return pieces.map(([text, italic, shift]) => {
    const small = size * 0.74 ** shift.length;
    const down = [...shift].reduce((sum, mark, k) => sum + (mark === "_" ? 0.24 : -0.38) * size * 0.74 ** k, 0);
    const part = drawn("tspan", { dy: (down - before).toFixed(2) }, text);
    part.style.fontSize = `${small.toFixed(2)}px`;
    if (italic) part.classList.add("italic");
    before = down;
    return part;
  });
}

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function power(exponent) {
  return "10" + [...String(exponent)].map((sign) => RAISED[sign]).join("");
}

// 0.000012 -> 1.2×10⁻⁵
function number(value, digits = 3) {
  if (value === 0 || (Math.abs(value) >= 1e-2 && Math.abs(value) < 1e4)) {
    return String(Number(value.toPrecision(digits))).replace("-", "−");
  }
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const front = String(Number(mantissa)).replace("-", "−");
  return (front === "1" ? "" : `${front}×`) + power(Number(exponent));
}

const UNITS = [["GeV", 1e3], ["MeV", 1], ["keV", 1e-3], ["eV", 1e-6], ["meV", 1e-9], ["µeV", 1e-12], ["neV", 1e-15]];

// A value of an axis with its unit; masses in the unit that suits them.
function quantity(axis, value) {
  if (!axis.mass) return [number(value), plain(axis.unit)].filter(Boolean).join(" ");
  const [unit, size] = UNITS.find(([, least]) => Math.abs(value) >= least * 0.9999) ?? UNITS.at(-1);
  return `${number(value / size)} ${unit}`;
}
