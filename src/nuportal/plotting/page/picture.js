// The drawing: frame and ticks, the regions of the limits that are on, the mark of the point.

const GREY = "#6b717b", TINT = 0.2;

function tint(colour, share = TINT) {
  const parts = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return `rgb(${parts.map((part) => Math.round(255 * (1 - share) + share * part)).join(",")})`;
}

class Picture {
  constructor(svg, plane) {
    this.svg = svg;
    this.plane = plane;
    this.colour = Object.fromEntries(plane.groups);
    const hatch = drawn("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" }, drawn("line", { y2: 7, stroke: "#8a919c", "stroke-width": 1 }));
    this.clip = drawn("rect");
    const defs = drawn("defs", {}, hatch, drawn("clipPath", { id: "inside" }, this.clip));
    this.regions = drawn("g", { id: "regions" });
    this.unknown = drawn("g", { id: "unknown", fill: "url(#hatch)" });
    this.mark = drawn("g", { id: "mark" });
    this.names = drawn("g", { id: "names" });
    this.cross = drawn("path", { id: "cross" });
    this.axes = drawn("g");
    const inner = drawn("g", { "clip-path": "url(#inside)" }, this.regions, this.unknown, this.mark, this.names, this.cross);
    svg.append(defs, inner, this.axes);
  }

  measure() {
    const box = this.svg.getBoundingClientRect();
    const small = box.width < 560;
    this.left = small ? 52 : 74;
    this.top = 10;
    this.width = Math.max(50, box.width - this.left - 12);
    this.height = Math.max(50, box.height - this.top - (small ? 46 : 56));
    for (const [name, value] of Object.entries({ x: this.left, y: this.top, width: this.width, height: this.height })) {
      this.clip.setAttribute(name, value);
    }
  }

  // Shares of the plane to places on screen and back.
  place([u, v]) {
    return [
      this.left + (this.width * (u - this.x[0])) / (this.x[1] - this.x[0]),
      this.top + this.height * (1 - (v - this.y[0]) / (this.y[1] - this.y[0])),
    ];
  }

  shares([px, py]) {
    return [
      this.x[0] + ((px - this.left) / this.width) * (this.x[1] - this.x[0]),
      this.y[0] + (1 - (py - this.top) / this.height) * (this.y[1] - this.y[0]),
    ];
  }

  draw(state) {
    this.measure();
    this.x = state.x;
    this.y = state.y;
    this.on = this.plane.limits.filter((limit) => !state.off.has(limit.name) && limit.fill);
    this.outside = this.on.filter((limit) => limit.kind !== "exclusion");
    this.exclusions = this.on.filter((limit) => limit.kind === "exclusion");
    this.bands = this.cut(Math.round(this.width / (state.mode === "strongest" ? 1 : 4))); // for names a few will do
    this.drawAxes();
    const [left, bottom] = this.place([0, 0]), [right, top] = this.place([1, 1]);
    const whole = `matrix(${right - left} 0 0 ${top - bottom} ${left} ${bottom})`;
    for (const layer of [this.regions, this.mark]) layer.setAttribute("transform", whole);
    if (state.mode === "strongest") this.drawStrongest();
    else this.drawUnions(state.mode === "union" ? () => "all" : (limit) => limit.group);
    for (const limit of this.outside) {
      this.stroke(this.regions, limit.line, this.colour[limit.group], 1.4, limit.kind === "projection" ? "7 4" : "2 3");
    }
    this.drawUnknown();
    writeNames(this, state.mode);
  }

  // Who is the strongest in narrow columns of what is shown.
  cut(count) {
    const [from, to] = this.plane.along === "y" ? this.x : this.y;
    return strongest(this.exclusions, from, to, count);
  }

  // One opaque region for each value of `key`, the largest at the bottom: all outlines first, then all insides.
  drawUnions(key) {
    const parts = new Map();
    for (const limit of this.exclusions) parts.set(key(limit), [...(parts.get(key(limit)) ?? []), limit]);
    const sorted = [...parts].sort((a, b) => size(b[1]) - size(a[1]));
    this.regions.replaceChildren();
    for (const [name, limits] of sorted) {
      const colour = this.colour[name] ?? "#3d434d";
      const layer = drawn("g", { "data-region": name });
      for (const limit of limits) {
        this.stroke(layer, limit.line, colour, 2.8);
        this.stroke(layer, limit.dots, colour, 2.4, "2 3");
      }
      for (const limit of limits) layer.append(drawn("path", { d: limit.fill, fill: tint(colour), "fill-rule": "evenodd" }));
      this.regions.append(layer);
    }
    if (sorted.some(([name]) => name !== "all")) {
      for (const limit of this.exclusions) this.stroke(this.regions, limit.line, GREY, 0.5);
    }
  }

  // Every point in the colour of the limit that is the strongest there, limits of one group in turn lighter.
  drawStrongest() {
    const shape = new Map();
    const [from, to] = this.plane.along === "y" ? this.x : this.y;
    const step = (to - from) / this.bands.length;
    this.bands.forEach((column, k) => {
      for (const { limit, low, high } of column) {
        const a = (from + k * step).toFixed(6), b = (from + (k + 1.3) * step).toFixed(6);
        const [s, t] = [low.toFixed(6), high.toFixed(6)];
        const box = this.plane.along === "y" ? `M${a} ${s}H${b}V${t}H${a}Z` : `M${s} ${a}H${t}V${b}H${s}Z`;
        shape.set(limit, (shape.get(limit) ?? "") + box);
      }
    });
    this.regions.replaceChildren();
    for (const limit of this.exclusions) {
      if (!shape.has(limit)) continue;
      const group = this.plane.limits.filter((other) => other.group === limit.group);
      const share = [0.45, 0.25, 0.65][group.indexOf(limit) % 3];
      const fill = tint(this.colour[limit.group], share);
      this.regions.append(drawn("path", { d: shape.get(limit), fill, "data-limit": limit.name }));
    }
  }

  stroke(layer, path, colour, width, dashes = "none") {
    if (!path) return;
    layer.append(drawn("path", { d: path, fill: "none", stroke: colour, "stroke-width": width, "stroke-dasharray": dashes,
      "stroke-linejoin": "round" }));
  }

  drawUnknown() {
    this.unknown.replaceChildren();
    for (const limit of this.exclusions) {
      for (const [u0, u1, v0, v1] of limit.unknown) {
        const [x, y] = this.place([u0, v1]), [right, bottom] = this.place([u1, v0]);
        this.unknown.append(drawn("rect", { x, y, width: right - x, height: bottom - y }));
      }
    }
  }

  drawAxes() {
    const { left, top, width, height } = this, bottom = top + height;
    const small = width < 480;
    this.axes.replaceChildren(drawn("rect", { class: "frame", x: left, y: top, width, height }));
    for (const [u, text] of ticks(this.plane.x, this.x, width / (small ? 52 : 64))) {
      const [x] = this.place([u, 0]), long = text ? 7 : 4;
      this.axes.append(drawn("path", { class: "tick", d: `M${x} ${bottom}v${-long}M${x} ${top}v${long}` }));
      if (text) this.axes.append(drawn("text", { x, y: bottom + 18, "text-anchor": "middle" }, text));
    }
    for (const [v, text] of ticks(this.plane.y, this.y, height / 34)) {
      const [, y] = this.place([0, v]), long = text ? 7 : 4;
      this.axes.append(drawn("path", { class: "tick", d: `M${left} ${y}h${long}M${left + width} ${y}h${-long}` }));
      if (text) this.axes.append(drawn("text", { x: left - 6, y: y + 4.5, "text-anchor": "end" }, text));
    }
    const low = drawn("text", { class: "label", x: left + width / 2, y: bottom + (small ? 38 : 44), "text-anchor": "middle" });
    const turned = `translate(${small ? 12 : 18} ${top + height / 2}) rotate(-90)`;
    const side = drawn("text", { class: "label", transform: turned, "text-anchor": "middle" });
    low.append(...axisName(this.plane.x));
    side.append(...axisName(this.plane.y));
    this.axes.append(low, side);
  }

  drawPoint(point) {
    const [x, y] = point ? this.place(point) : [0, 0];
    this.cross.setAttribute("d", point ? `M${x} ${this.top}v${this.height}M${this.left} ${y}h${this.width}` : "");
  }

  highlight(limit) {
    this.mark.replaceChildren(...(limit ? [drawn("path", { d: limit.line + limit.dots })] : []));
  }
}

function axisName(axis) {
  const unit = axis.unit.length ? [["\u2009[", false, ""], ...axis.unit, ["]", false, ""]] : [];
  return typesetDrawn([...axis.symbol, ...unit], 17);
}

// The area of regions in the plane, overlaps counted again.
function size(limits) {
  let area = 0;
  for (const limit of limits) {
    for (const [t0, s0, t1, s1] of limit.segments) area += ((t1 - t0) * (s1 + s0)) / 2;
  }
  return Math.abs(area);
}
