// The map of one scene on a canvas: the backdrop is drawn once a size, flights every frame.

const ROW_DOTS = 14, DOT_PX = 11, ROWS = 6, LINE_PX = 15, BLOCK_PX = 64, NAME_PX = 200, ZOOM_PX = 50, HOLD_PX = 16, HIT_PX = 14;

class MapView {
  constructor(head, scene, words, element) {
    Object.assign(this, { head, scene, words, element });
    this.canvas = element.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.zoom = 1;
    this.shift = { x: 0, y: 0 };
    this.hits = { spell: [], x: [], y: [] };
    this.siteAt = new Map(head.sites.map((site, number) => [site.point.join(), number]));
    this.poolsAt = head.sites.map((_, site) => scene.pools.map((pool, p) => ({ ...pool, p })).filter((pool) => pool.used && pool.told.site === site));
    this.alternates = this.#usedAlternates();
    this.siteOfPathEnd = scene.paths.map(({ points }) => [points.slice(0, 2), points.slice(-2)].map((end) => this.siteAt.get(end.join()) ?? -1));
  }

  /** The ends of the paths that lead to no site and no crossing: the alternates of the flights that diverted. */
  #usedAlternates() {
    const { spells, told, paths } = this.scene, ends = new Map();
    for (let i = 0; i < spells.stage.length; i++) {
      if (!told.stages[spells.stage[i]].marks.includes("divert") || spells.mode[i] !== MOVING) continue;
      const end = paths[spells.path[i]].points.slice(-2);
      ends.set(end.join(), end);
    }
    return [...ends.values()];
  }

  /** Take the element's size, the theme's colours and the language's typeface; the backdrop is drawn anew. */
  settle() {
    const { clientWidth: width, clientHeight: height } = this.element, ratio = window.devicePixelRatio || 1;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const style = getComputedStyle(document.documentElement), colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["ground", "panel", "ink", "soft", "sea", "land", "coast", "boundary", "corridor", "zone", "alarm", "chosen", "warn"];
    this.colours = Object.fromEntries(names.map((name) => [name, colour(name)]));
    this.dark = style.colorScheme === "dark";
    this.font = getComputedStyle(this.element).fontFamily;
    this.#fit();
    this.signs = this.head.categories.map((category) => [true, false].map((waiting) => this.#signSprite(category, waiting)));
    this.#drawBackdrop();
  }

  /** The scale and the origin that show all corridors, as zoomed and shifted by the reader. */
  #fit() {
    const points = this.head.routes.flatMap((route) => route.line);
    const xs = points.filter((_, i) => i % 2 === 0), ys = points.filter((_, i) => i % 2 === 1);
    const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const free = { x: Math.max(this.width - 420, this.width * 0.35), y: Math.max(this.height - 170, this.height * 0.5) };
    const fitted = Math.min(free.x / Math.max(east - west, 500), free.y / Math.max(north - south, 500));
    this.pxPerM = fitted * this.zoom;
    this.centre = { x: (west + east) / 2, y: (south + north) / 2 };
  }

  x(m) {
    return this.width / 2 + this.shift.x + (m - this.centre.x) * this.pxPerM;
  }

  y(m) {
    return this.height / 2 + this.shift.y - (m - this.centre.y) * this.pxPerM;
  }

  zoomBy(factor) {
    const zoom = Math.min(Math.max(this.zoom * factor, 0.25), 40);
    this.shift = { x: (this.shift.x * zoom) / this.zoom, y: (this.shift.y * zoom) / this.zoom };
    this.zoom = zoom;
    this.settle();
  }

  fit() {
    Object.assign(this, { zoom: 1, shift: { x: 0, y: 0 } });
    this.settle();
  }

  shiftBy(x, y) {
    this.shift.x += x;
    this.shift.y += y;
    this.#drawBackdrop();
  }

  // ------------------------------------------------------------------------------------- backdrop

  #drawBackdrop() {
    this.backdrop = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const c = this.backdrop.getContext("2d"), { colours } = this, { land, boundary, zones } = this.head.backdrop;
    c.scale(this.ratio, this.ratio);
    c.fillStyle = colours.ground;
    c.fillRect(0, 0, this.width, this.height);
    const [west, east, north] = this.head.backdrop.known;
    c.fillStyle = colours.sea;
    c.fillRect(this.x(west), this.y(north), (east - west) * this.pxPerM, Math.max(this.height - this.y(north), 0));
    c.lineJoin = "round";
    for (const rings of land) this.#trace(c, rings, true, () => {
      c.fillStyle = colours.land;
      c.fill("evenodd");
      c.strokeStyle = colours.coast;
      c.lineWidth = 0.8;
      c.stroke();
    });
    for (const rings of zones) this.#trace(c, rings, true, () => this.#stroke(c, "zone"));
    for (const line of boundary) this.#trace(c, [line], false, () => this.#stroke(c, "boundary"));
    for (const { line } of this.head.routes) this.#trace(c, [line], false, () => {
      c.strokeStyle = colours.ground;
      c.lineWidth = 7;
      c.stroke();
      c.strokeStyle = colours.corridor;
      c.lineWidth = 3.5;
      c.stroke();
    });
    for (const { crossings } of this.head.routes) for (let i = 0; i < crossings.length; i += 2) {
      this.diamond(c, this.x(crossings[i]), this.y(crossings[i + 1]));
    }
    for (const [x, y] of this.alternates) this.alternate(c, this.x(x), this.y(y));
    this.#scaleBar(c);
    this.#layOutSites(c);
  }

  #trace(c, lines, closed, paint) {
    c.beginPath();
    for (const line of lines) {
      c.moveTo(this.x(line[0]), this.y(line[1]));
      for (let i = 2; i < line.length; i += 2) c.lineTo(this.x(line[i]), this.y(line[i + 1]));
      if (closed) c.closePath();
    }
    paint();
  }

  #stroke(c, name) {
    const [width, dash] = { boundary: [1.6, [9, 5]], zone: [1, [1.5, 3]] }[name];
    c.strokeStyle = this.colours[name];
    c.lineWidth = width;
    c.setLineDash(dash);
    c.stroke();
    c.setLineDash([]);
  }

  /** A line of the legend: the look of a boundary or of a zone. */
  line(c, [x, y, toX, toY], name) {
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(toX, toY);
    this.#stroke(c, name);
  }

  alternate(c, x, y) {
    c.strokeStyle = this.colours.alarm;
    c.lineWidth = 1.6;
    c.setLineDash([2, 2]);
    c.strokeRect(x - 5, y - 5, 10, 10);
    c.setLineDash([]);
  }

  diamond(c, x, y) {
    c.beginPath();
    c.moveTo(x, y - 6);
    c.lineTo(x + 6, y);
    c.lineTo(x, y + 6);
    c.lineTo(x - 6, y);
    c.closePath();
    c.fillStyle = this.colours.ground;
    c.fill();
    c.strokeStyle = this.colours.boundary;
    c.lineWidth = 1.6;
    c.stroke();
  }

  #scaleBar(c) {
    const longest = 140 / this.pxPerM;
    const step = [1, 2, 5].flatMap((n) => [2, 3, 4, 5].map((power) => n * 10 ** power)).filter((m) => m <= longest);
    const m = Math.max(...step, 100), px = m * this.pxPerM, y = this.height - 14;
    c.strokeStyle = c.fillStyle = this.colours.ink;
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(14, y - 4);
    c.lineTo(14, y);
    c.lineTo(14 + px, y);
    c.lineTo(14 + px, y - 4);
    c.stroke();
    c.font = `12px ${this.font}`;
    c.textAlign = "center";
    c.fillText(m >= 1000 ? `${m / 1000} km` : `${m} m`, 14 + px / 2, y - 7);
    c.textAlign = "left";
    c.fillText("N ↑", 24 + px, y);
  }

  /** Blocks for the sites, beside them and away from the corridors; those of one column are moved apart. */
  #layOutSites(c) {
    const ends = this.head.routes.map(({ line }) => [line.slice(0, 2), line.slice(-2)]);
    const eastern = (site) => { // of the first corridor that it belongs to
      const [one, other] = ends.find((pair) => pair.some((end) => end.join() === site.point.join()));
      return site.point[0] === Math.max(one[0], other[0]);
    };
    this.blocks = this.head.sites.map((site) => ({ site, right: eastern(site), x: this.x(site.point[0]), y: this.y(site.point[1]) }));
    c.font = this.#nameFont();
    for (const block of this.blocks) {
      const { name, whose } = block.site, told = [this.words.of(name), this.words.of(this.head.whose[whose].label)].join(" · ");
      block.name = wrapped(c, told, NAME_PX);
      block.tall = (block.name.length - 1) * LINE_PX; // of the lines of its name but the first
    }
    for (const right of [false, true]) this.#moveApart(this.blocks.filter((block) => block.right === right).sort((a, b) => a.y - b.y));
    for (const block of this.blocks) this.#drawSite(c, block);
  }

  #moveApart(column) {
    const floor = this.height - 30, tall = column.reduce((sum, block) => sum + block.tall, 0);
    const need = Math.min(BLOCK_PX, (floor - 48 - tall) / Math.max(column.length, 1));
    let highest = 48, below = column.length * need + tall;
    for (const block of column) {
      block.top = Math.max(highest, Math.min(block.y - 16, floor - below));
      highest = block.top + block.tall + need;
      below -= block.tall + need;
    }
    column.forEach((block, i) => {
      const room = (column[i + 1]?.top ?? floor + 20) - block.top - block.tall;
      block.lines = Math.max(0, Math.min(7, Math.floor((room - 40) / LINE_PX)));
    });
  }

  #drawSite(c, block) {
    const { colours } = this, font = this.#nameFont();
    c.font = font;
    const wide = Math.max(...block.name.map((line) => c.measureText(line).width), ROW_DOTS * DOT_PX);
    block.edge = block.right ? Math.min(block.x + 22, this.width - wide - ZOOM_PX) : Math.max(block.x - 22, wide + 6);
    c.strokeStyle = colours.soft;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(block.x, block.y);
    c.lineTo(block.edge + (block.right ? -4 : 4), block.top + 6);
    c.stroke();
    c.beginPath();
    c.arc(block.x, block.y, 5.5, 0, 7);
    c.fillStyle = colours.ink;
    c.fill();
    c.strokeStyle = colours.ground;
    c.lineWidth = 2;
    c.stroke();
    block.name.forEach((line, i) => this.#writeBeside(c, line, block, block.top + 10 + i * LINE_PX, colours.ink, font));
  }

  #nameFont() {
    return `600 13px ${this.font}`;
  }

  /** A text of a block: to the right of its edge, or to the left. */
  #writeBeside(c, text, block, y, colour, font) {
    c.font = font;
    this.#write(c, text, block.right ? block.edge : block.edge - c.measureText(text).width, y, colour, font);
  }

  #write(c, text, x, y, colour, font) {
    c.font = font;
    c.textAlign = "left";
    c.lineWidth = 3;
    c.lineJoin = "round";
    c.strokeStyle = this.colours.ground;
    c.strokeText(text, x, y);
    c.fillStyle = colour;
    c.fillText(text, x, y);
  }

  // -------------------------------------------------------------------------------------- flights

  #signSprite(category, waiting) {
    const size = 18, small = ["arrow", "hollow", "star"].includes(category.sign) ? 0.66 : 1, sprite = new OffscreenCanvas(size * this.ratio, size * this.ratio), c = sprite.getContext("2d");
    c.scale(this.ratio, this.ratio);
    c.translate(size / 2, size / 2);
    c.scale(small, small);
    drawSign(c, category.sign, 0, 0, this.dark ? category.dark : category.light, this.colours.ground, waiting);
    return sprite;
  }

  /** Draw the moment; `chosen` is the number of the flight that is followed, or null. */
  draw(tick, chosen) {
    const c = this.context, { scene } = this, point = { x: 0, y: 0, heading: 0 };
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.backdrop, 0, 0);
    c.scale(this.ratio, this.ratio);
    this.#drawClosures(c, tick);
    this.hits = { spell: [], x: [], y: [] };
    const standing = this.blocks.map(() => []), elsewhere = [];
    const { mode, path, flight } = scene.spells;
    const seen = scene.seenAt(tick);
    for (const spell of seen) {
      scene.place(spell, tick, point);
      const site = this.siteOfPathEnd[path[spell]][mode[spell] === AT_START ? 0 : 1];
      if (mode[spell] === MOVING) this.#drawFlying(c, spell, this.x(point.x), this.y(point.y), point.heading);
      else if (mode[spell] === HOLDING || site < 0) elsewhere.push([spell, this.x(point.x), this.y(point.y)]);
      else standing[site].push(spell);
    }
    for (const [spell, x, y] of elsewhere) { // around the place, each flight at an angle of its own
      const angle = flight[spell] * 2.39996;
      this.#put(c, spell, x + HOLD_PX * Math.cos(angle), y + HOLD_PX * Math.sin(angle));
    }
    this.blocks.forEach((block, site) => this.#drawBlock(c, block, standing[site], this.poolsAt[site], tick));
    if (chosen !== null) this.#mark(c, chosen);
    this.counts = { inAir: seen.filter((spell) => mode[spell] === MOVING || mode[spell] === HOLDING).length, seen: seen.length };
  }

  #drawClosures(c, tick) {
    for (const route of this.scene.closedRoutes(tick)) this.#trace(c, [this.head.routes[route].line], false, () => {
      c.strokeStyle = this.colours.alarm;
      c.lineWidth = 3.5;
      c.setLineDash([3, 7]);
      c.stroke();
      c.setLineDash([]);
    });
  }

  #drawFlying(c, spell, x, y, heading) {
    const category = this.head.categories[this.scene.category(spell)];
    c.save();
    c.translate(x, y);
    c.rotate(-heading);
    const sign = category.sign === "arrow" || category.sign === "hollow" ? category.sign : "arrow";
    drawSign(c, sign, 0, 0, this.dark ? category.dark : category.light, this.colours.ground, true);
    c.restore();
    this.#hit(spell, x, y);
  }

  #put(c, spell, x, y) {
    c.drawImage(this.signs[this.scene.category(spell)][this.scene.spells.waiting[spell] ? 0 : 1], x - 9, y - 9, 18, 18);
    this.#hit(spell, x, y);
  }

  #hit(spell, x, y) {
    this.hits.spell.push(spell);
    this.hits.x.push(x);
    this.hits.y.push(y);
  }

  /** The flights that stand at a site, in rows by category, and its busiest pools in words. */
  #drawBlock(c, block, spells, pools, tick) {
    const { scene } = this, { flight } = scene.spells;
    spells.sort((a, b) => scene.category(a) - scene.category(b) || flight[a] - flight[b]);
    const most = ROW_DOTS * ROWS, top = block.top + block.tall + 22, step = block.right ? DOT_PX : -DOT_PX;
    spells.slice(0, most).forEach((spell, i) => this.#put(c, spell, block.edge + step / 2 + (i % ROW_DOTS) * step, top + Math.floor(i / ROW_DOTS) * DOT_PX));
    const rows = Math.ceil(Math.min(spells.length, most) / ROW_DOTS), told = this.#poolsInWords(pools, tick);
    const left = spells.length > most ? [[`+${spells.length - most}`, this.colours.ink]] : []; // told whatever the room
    const room = Math.max(block.lines - rows + 1 - left.length, 0);
    [...left, ...told.slice(0, room)].forEach(([text, colour], i) => {
      this.#writeBeside(c, text, block, top + rows * DOT_PX + 6 + i * LINE_PX, colour, `12px ${this.font}`);
    });
  }

  /** The pools of a site with anything to tell, longest queue first: [words, colour]. */
  #poolsInWords(pools, tick) {
    const told = pools.map((pool) => ({ pool, now: this.scene.pool(pool.p, tick) })).filter(({ now }) => now.waiting || now.busy || now.servers === 0);
    told.sort((a, b) => b.now.waiting - a.now.waiting);
    return told.map(({ pool, now }) => [`${this.words.of(pool.told.short)} ${this.#inWords(now)}`, now.waiting ? this.colours.warn : this.colours.soft]);
  }

  #inWords({ waiting, busy, servers }) {
    const used = inUse(this.words, busy, servers);
    return waiting ? [used, this.words.pair(this.words.say("waiting"), waiting)].filter(Boolean).join(" · ") : used;
  }

  #mark(c, chosen) {
    const { flight } = this.scene.spells;
    this.hits.spell.forEach((spell, i) => {
      if (flight[spell] !== chosen) return;
      c.beginPath();
      c.arc(this.hits.x[i], this.hits.y[i], 12, 0, 7);
      c.strokeStyle = this.colours.ground;
      c.lineWidth = 5;
      c.stroke();
      c.strokeStyle = this.colours.chosen;
      c.lineWidth = 2.5;
      c.stroke();
      this.#write(c, String(chosen), this.hits.x[i] + 14, this.hits.y[i] - 8, this.colours.chosen, `700 13px ${this.font}`);
    });
  }

  /** The number of the flight drawn nearest to a point of the map, or null. */
  flightAt(x, y) {
    let nearest = null, least = HIT_PX ** 2;
    this.hits.spell.forEach((spell, i) => {
      const distance = (this.hits.x[i] - x) ** 2 + (this.hits.y[i] - y) ** 2;
      if (distance < least) [nearest, least] = [this.scene.spells.flight[spell], distance];
    });
    return nearest;
  }

  /** The numbers of the flights drawn, each once, in order. */
  flightsDrawn() {
    return [...new Set(this.hits.spell.map((spell) => this.scene.spells.flight[spell]))].sort((a, b) => a - b);
  }
}

/** A category's sign around a point: filled, or an outline for a flight that is being dealt with. */
function drawSign(c, sign, x, y, colour, ground, filled) {
  const r = 4.6, shapes = {
    circle: () => c.arc(x, y, r, 0, 7),
    square: () => c.rect(x - r + 0.5, y - r + 0.5, 2 * r - 1, 2 * r - 1),
    diamond: () => polygon(c, [[x, y - r - 1], [x + r + 1, y], [x, y + r + 1], [x - r - 1, y]]),
    up: () => polygon(c, [[x, y - r - 0.5], [x + r + 0.5, y + r - 0.5], [x - r - 0.5, y + r - 0.5]]),
    down: () => polygon(c, [[x, y + r + 0.5], [x + r + 0.5, y - r + 0.5], [x - r - 0.5, y - r + 0.5]]),
    cross: () => polygon(c, [[-2, -5], [2, -5], [2, -2], [5, -2], [5, 2], [2, 2], [2, 5], [-2, 5], [-2, 2], [-5, 2], [-5, -2], [-2, -2]].map(([a, b]) => [x + a, y + b])),
    star: () => polygon(c, Array.from({ length: 10 }, (_, i) => [x + (i % 2 ? 3 : 7) * Math.sin((i * Math.PI) / 5), y - (i % 2 ? 3 : 7) * Math.cos((i * Math.PI) / 5)])),
    arrow: () => polygon(c, [[x + 8, y], [x - 6, y + 5.5], [x - 3, y], [x - 6, y - 5.5]]),
    hollow: () => polygon(c, [[x + 8, y], [x - 6, y + 5.5], [x - 3, y], [x - 6, y - 5.5]]),
  };
  c.beginPath();
  shapes[sign]();
  const solid = filled && sign !== "hollow";
  c.fillStyle = solid ? colour : ground;
  c.strokeStyle = solid ? ground : colour;
  c.lineWidth = solid ? 1.2 : 1.9;
  c.fill();
  c.stroke();
}

/** The lines of a text, none wider than so many pixels if it can be broken: at spaces, or between Chinese signs. */
function wrapped(c, text, px) {
  const lines = [""];
  for (const piece of text.split(/(?<=[\s\u2e80-\uffff])/u)) {
    const longer = lines[lines.length - 1] + piece;
    if (lines[lines.length - 1] && c.measureText(longer.trimEnd()).width > px) lines.push(piece);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => line.trim());
}

function polygon(c, points) {
  points.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}
