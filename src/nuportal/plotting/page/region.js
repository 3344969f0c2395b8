// Where limits exclude: their outlines cut along the coupling. Positions are shares of the plane: t across, s along.

// Add to a limit its outline as segments [t, s, t, s] and as the text of paths: the whole, its boundary, and where it
// only ceases to say anything.
function prepare(limit, along) {
  limit.segments = [];
  for (const ring of limit.rings) {
    for (let k = 0; k + 3 < ring.length; k += 2) {
      const [a, b, c, d] = ring.slice(k, k + 4);
      limit.segments.push(along === "y" ? [a, b, c, d] : [b, a, d, c]);
    }
  }
  limit.fill = limit.rings.map((ring) => "M" + pairs(ring).join("L") + "Z").join("");
  const ends = new Set(limit.ends.map((t) => t.toFixed(4)));
  limit.line = limit.dots = "";
  for (const ring of limit.rings) {
    for (let k = 0; k + 3 < ring.length; k += 2) {
      const [a, b, c, d] = ring.slice(k, k + 4);
      if (onFrame(a, c) || onFrame(b, d)) continue;
      const [t0, s0, t1, s1] = along === "y" ? [a, b, c, d] : [b, a, d, c];
      const piece = `M${a} ${b}L${c} ${d}`;
      const stopped = limit.stops.some((s) => Math.abs(s - s0) < 2e-3 && Math.abs(s - s1) < 2e-3);
      if (stopped || (Math.abs(t0 - t1) < 1e-4 && ends.has(t0.toFixed(4)))) limit.dots += piece;
      else limit.line += piece;
    }
  }
}

function pairs(ring) {
  return Array.from({ length: ring.length / 2 }, (_, k) => `${ring[2 * k]} ${ring[2 * k + 1]}`);
}

function onFrame(a, b) {
  return (a < 1e-4 && b < 1e-4) || (a > 1 - 1e-4 && b > 1 - 1e-4);
}

// The intervals of s that a limit covers in each of `count` columns between two values of t.
function columns(limit, from, to, count) {
  const found = Array.from({ length: count }, () => []);
  const step = (to - from) / count;
  for (const [t0, s0, t1, s1] of limit.segments) {
    if (t0 === t1) continue;
    const first = Math.max(0, Math.ceil((Math.min(t0, t1) - from) / step - 0.5));
    const last = Math.min(count, Math.ceil((Math.max(t0, t1) - from) / step - 0.5));
    for (let k = first; k < last; k++) {
      found[k].push(s0 + ((from + (k + 0.5) * step - t0) / (t1 - t0)) * (s1 - s0));
    }
  }
  return found.map((ends) => paired(ends));
}

function paired(ends) {
  ends.sort((a, b) => a - b);
  return Array.from({ length: ends.length >> 1 }, (_, k) => [ends[2 * k], ends[2 * k + 1]]);
}

// The interval around s that a limit covers at t; null where it does not.
function interval(limit, t, s) {
  const tiny = 1e-9;
  const [found] = columns(limit, t - tiny, t + tiny, 1);
  return found.find(([low, high]) => low <= s && s <= high) ?? null;
}

// In each column, who is the strongest where: the exclusion whose interval begins lowest. Bands in ascending order
// {limit, low, high, own, outer}; own: where the limit itself begins, outer: whether nothing else covers that place.
function strongest(limits, from, to, count) {
  const cut = limits.map((limit) => columns(limit, from, to, count));
  return Array.from({ length: count }, (_, k) => {
    const all = limits.flatMap((limit, n) => cut[n][k].map(([low, high]) => [limit, low, high]));
    all.sort((a, b) => a[1] - b[1]);
    const bands = [];
    let top = -Infinity;
    for (const [limit, low, high] of all) {
      if (high <= top) continue;
      bands.push({ limit, low: Math.max(low, top), high, own: low, outer: low > top });
      top = high;
    }
    return bands;
  });
}
