"use strict";
// The layers of the map that follow what is set: bands, field, sites, ways, labels.
const sitebandMap = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const element = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const fixed = (x) => Math.round(x * 10) / 10;

  /** The rings around what is at most at a level, on a grid that reaches over the edge of the picture: marching squares. */
  const rings = (values, { columns, rows, left, top, step }, level) => {
    const at = (column, row) => {
      const isEdge = column < 0 || row < 0 || column >= columns || row >= rows;
      const value = isEdge ? Infinity : values[row * columns + column];
      return Number.isNaN(value) ? Infinity : value;
    };
    // Where the level lies between two corners; halfway towards what is outside everything.
    const between = (from, to) => (Number.isFinite(from) && Number.isFinite(to) ? (level - from) / (to - from) : Number.isFinite(from) ? 0.999 : 0.001);
    const next = new Map();
    const starts = new Map();
    const point = (column, row, side) => {
      const key = { n: `${column},${row},h`, s: `${column},${row + 1},h`, w: `${column},${row},v`, e: `${column + 1},${row},v` }[side];
      if (!starts.has(key)) {
        const [a, b] = { n: [[0, 0], [1, 0]], s: [[0, 1], [1, 1]], w: [[0, 0], [0, 1]], e: [[1, 0], [1, 1]] }[side];
        const share = between(at(column + a[0], row + a[1]), at(column + b[0], row + b[1]));
        const [x, y] = [column + a[0] + share * (b[0] - a[0]), row + a[1] + share * (b[1] - a[1])];
        starts.set(key, [left + x * step, top + y * step]);
      }
      return key;
    };
    // The sides that a line joins, with what is inside on its left, by the corners that are inside: 1 north-west, 2 north-east, 4
    // south-east, 8 south-west.
    const joins = { 1: ["nw"], 2: ["en"], 3: ["ew"], 4: ["se"], 5: ["nw", "se"], 6: ["sn"], 7: ["sw"], 8: ["ws"], 9: ["ns"], 10: ["en", "ws"], 11: ["es"], 12: ["we"], 13: ["ne"], 14: ["wn"] };
    for (let row = -1; row < rows; row += 1) {
      for (let column = -1; column < columns; column += 1) {
        const inside = (dc, dr) => at(column + dc, row + dr) <= level;
        const corners = (inside(0, 0) ? 1 : 0) + (inside(1, 0) ? 2 : 0) + (inside(1, 1) ? 4 : 0) + (inside(0, 1) ? 8 : 0);
        for (const [from, to] of joins[corners] ?? []) next.set(point(column, row, from), point(column, row, to));
      }
    }
    const paths = [];
    while (next.size > 0) {
      const [first] = next.keys();
      const ring = [];
      for (let key = first; next.has(key);) {
        ring.push(starts.get(key).map(fixed).join(" "));
        const after = next.get(key);
        next.delete(key);
        key = after;
      }
      paths.push(`M${ring.join("L")}Z`);
    }
    return paths.join("");
  };

  /** Boxes of labels around dots, the first sites first, none over another. */
  const labels = (dots, width, height, measure, high, furniture) => {
    const placed = [];
    const taken = [...furniture, ...dots.map(({ x, y, r }) => [x - r, y - r, x + r, y + r])];
    const clear = (box) => box[0] >= 2 && box[1] >= 2 && box[2] <= width - 2 && box[3] <= height - 2
      && ![...taken, ...placed.map((label) => label.box)].some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    for (const dot of dots) {
      const wide = measure(dot.text);
      const { x, y, r } = dot;
      const gap = 4;
      const corners = [
        [x + r + gap, y - high / 2], [x - r - gap - wide, y - high / 2], [x - wide / 2, y - r - gap - high], [x - wide / 2, y + r + gap],
        [x + r, y - r - high], [x - r - wide, y - r - high], [x + r, y + r], [x - r - wide, y + r],
      ];
      const box = corners.map(([left, top]) => [left, top, left + wide, top + high]).find(clear);
      if (box) placed.push({ ...dot, box });
    }
    return placed;
  };

  return { SVG, element, rings, labels, fixed };
})();
