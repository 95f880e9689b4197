// The page put together: maps and strips in step, one clock, one chosen flight, one language.

const SPEEDS = [60, 300, 600, 1800, 3600, 10800]; // simulated seconds a second
const SHIFT_PX = 60; // by a key
const TOLD_EVERY_MS = 250; // how often tables follow while time runs

class Page {
  constructor(head, bytes) {
    this.head = head;
    this.words = new Words(head, document.documentElement.dataset.language);
    this.scenes = head.scenarios.map((_, number) => new Scene(head, number, bytes));
    this.chosen = null;
    this.opened = null;
    this.#makeScenes();
    this.story = new Story(head, this.scenes, this.words);
    this.finder = new Finder(head, this.scenes, this.maps, this.words, (flight, scene) => this.open(flight, scene));
    const horizon = Math.max(...this.scenes.map((scene) => scene.horizon));
    this.clock = new Clock(horizon, head.ticks_per_s, () => this.draw(), (playing) => this.#played(playing));
    this.#listen(horizon);
    this.clock.tick = head.busiest_s * head.ticks_per_s;
    this.settle();
    this.finder.fill();
  }

  #makeScenes() {
    const parts = this.scenes.map((scene) => {
      const map = make("div", { class: "map", tabindex: 0, role: "group", "aria-describedby": "map-help" }, make("canvas", { "aria-hidden": "true" }),
        make("div", { class: "zoom" }, ...[["+", "zoom_in", 1.5], ["−", "zoom_out", 1 / 1.5], ["◱", "zoom_fit", 0]].map(([sign, label, factor]) =>
          make("button", { type: "button", "data-label": label, onclick: () => this.#zoom(factor) }, sign))));
      const banner = make("ul", { class: "banner", hidden: !scene.isEverClosed() });
      const strip = make("div", { class: "strip", role: "img" }, make("canvas", { "aria-hidden": "true" }));
      const title = make("h2");
      document.getElementById("scenes").append(make("article", { class: "scene" }, title, banner, map, strip));
      return { map, strip, banner, title };
    });
    this.titles = parts.map(({ title }) => title);
    this.banners = parts.map(({ banner }) => banner);
    this.maps = parts.map(({ map }, n) => new MapView(this.head, this.scenes[n], this.words, map));
    this.strips = parts.map(({ strip }, n) => new StripView(this.head, this.scenes[n], this.words, strip, this.maps[n]));
  }

  // ------------------------------------------------------------------------------------- listening

  #listen(horizon) {
    const by = (id) => document.getElementById(id), { clock, head } = this;
    by("slider").max = horizon / head.ticks_per_s;
    by("slider").addEventListener("input", () => clock.seek(Number(by("slider").value) * head.ticks_per_s));
    by("slider").addEventListener("keydown", (event) => this.#moveTime(event));
    by("play").addEventListener("click", () => clock.toggle());
    by("speed").addEventListener("change", () => (clock.speed = Number(by("speed").value)));
    for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", () => clock.stepBy(Number(button.dataset.step)));
    by("language").addEventListener("change", () => this.speak(by("language").value));
    by("theme").addEventListener("change", () => this.dress(by("theme").value));
    by("close-story").addEventListener("click", () => this.close());
    by("story").addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    by("go-there").addEventListener("click", () => this.#goTo(this.opened.takeOff(this.chosen)));
    by("go-worst").addEventListener("click", () => this.#goTo(this.opened.longestWait(this.chosen)));
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => this.settle());
    new ResizeObserver(() => this.settle()).observe(by("scenes"));
    this.maps.forEach((map, n) => this.#listenToMap(map, this.scenes[n]));
    this.strips.forEach((strip) => this.#listenToStrip(strip));
  }

  #listenToMap(map, scene) {
    let drag = null;
    const { element } = map;
    element.addEventListener("keydown", (event) => this.#mapKey(event, map, scene));
    element.addEventListener("pointerdown", (event) => {
      if (event.target === map.canvas) drag = { x: event.clientX, y: event.clientY, far: false };
    });
    element.addEventListener("pointermove", (event) => {
      if (!drag) return void (map.canvas.style.cursor = this.#under(event, map) === null ? "grab" : "pointer");
      const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.far && Math.hypot(x, y) < 4) return;
      drag = { x: event.clientX, y: event.clientY, far: true };
      this.#shift(x, y);
    });
    element.addEventListener("pointerup", (event) => {
      const flight = drag && !drag.far ? this.#under(event, map) : null;
      drag = null;
      if (flight !== null) this.open(flight, scene);
    });
    element.addEventListener("pointerleave", () => (drag = null));
  }

  #under(event, map) {
    const box = map.element.getBoundingClientRect();
    return map.flightAt(event.clientX - box.left, event.clientY - box.top);
  }

  #listenToStrip(strip) {
    const seek = (event) => this.clock.seek(strip.tickAt(event.clientX - strip.element.getBoundingClientRect().left));
    strip.element.addEventListener("pointerdown", (event) => {
      strip.element.setPointerCapture(event.pointerId);
      seek(event);
    });
    strip.element.addEventListener("pointermove", (event) => event.buttons && seek(event));
  }

  /** Keys that move time, on the map and on the slider; whether this was one. */
  #moveTime(event) {
    const steps = { ArrowLeft: -60, ArrowDown: -60, ArrowRight: 60, ArrowUp: 60, PageDown: -3600, PageUp: 3600 };
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key in steps) this.clock.stepBy(steps[event.key] * (event.shiftKey ? 10 : 1));
    else if (event.key === "Home") this.clock.seek(0);
    else if (event.key === "End") this.clock.seek(Infinity);
    else if (event.key === " ") this.clock.toggle();
    else return false;
    event.preventDefault();
    return true;
  }

  #mapKey(event, map, scene) {
    if (event.target !== map.element || this.#moveTime(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      n: () => this.#choose(map, scene, 1),
      p: () => this.#choose(map, scene, -1),
      enter: () => this.chosen !== null && this.open(this.chosen, scene),
      escape: () => this.close(),
      w: () => this.#shift(0, SHIFT_PX),
      a: () => this.#shift(SHIFT_PX, 0),
      s: () => this.#shift(0, -SHIFT_PX),
      d: () => this.#shift(-SHIFT_PX, 0),
      "+": () => this.#zoom(1.5),
      "=": () => this.#zoom(1.5),
      "-": () => this.#zoom(1 / 1.5),
      0: () => this.#zoom(0),
    };
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** The next flight on the map, or the one before; its number is read out with what it does. */
  #choose(map, scene, step) {
    const drawn = map.flightsDrawn();
    if (!drawn.length) return;
    const at = drawn.indexOf(this.chosen);
    this.chosen = drawn[at < 0 ? (step > 0 ? 0 : drawn.length - 1) : (at + step + drawn.length) % drawn.length];
    this.opened = scene;
    this.draw();
    const doing = scene.seenAt(this.clock.tick).filter((spell) => scene.spells.flight[spell] === this.chosen);
    const told = doing.map((spell) => this.words.of(scene.told.stages[scene.spells.stage[spell]].label));
    document.getElementById("list-note").textContent = [this.words.say("flight", { number: this.chosen }), ...told].join(" · ");
  }

  #zoom(factor) {
    for (const map of this.maps) factor ? map.zoomBy(factor) : map.fit();
    this.draw();
  }

  #shift(x, y) {
    for (const map of this.maps) map.shiftBy(x, y);
    this.draw();
  }

  #goTo(tick) {
    if (tick === null) return;
    this.clock.pause();
    this.clock.seek(tick);
    document.getElementById("scenes").scrollIntoView({ block: "nearest" });
  }

  // --------------------------------------------------------------------------------------- showing

  /** Sizes, colours and words taken anew, and everything drawn. */
  settle() {
    this.#name();
    for (const map of this.maps) map.settle();
    const most = {
      waiting: Math.max(...this.strips.flatMap((strip) => [...strip.totals()])),
      releases: Math.max(...this.scenes.flatMap((scene) => [...scene.strip.releases])),
    };
    for (const strip of this.strips) strip.settle(most);
    this.#drawLegend();
    this.#drawMapLegend();
    this.draw();
  }

  /** Every word that does not change with time. */
  #name() {
    const { words, head } = this, by = (id) => document.getElementById(id);
    words.fill();
    document.title = words.pair(words.say("title"), this.scenes.map(({ told }) => words.of(told.name)).join(" / "));
    this.titles.forEach((title, n) => title.replaceChildren(words.of(this.scenes[n].told.name), make("small", {}, words.of(this.scenes[n].told.small))));
    by("subtitle").textContent = words.say("replication", { number: head.replication, seed: head.seed });
    by("language").value = words.language;
    this.#sayPlaying();
    by("speed").replaceChildren(...SPEEDS.map((speed) => make("option", { value: speed }, speed < 3600 ? words.say("speed_minutes", { n: speed / 60 }) : words.say("speed_hours", { n: speed / 3600 }))));
    by("speed").value = this.clock.speed;
    by("warnings").replaceChildren(...head.warnings[words.number].map((text) => make("li", {}, text)));
    by("differences").replaceChildren(...this.scenes.filter(({ told }) => words.of(told.differences).length).map(({ told }) =>
      make("details", {}, make("summary", {}, words.say("differs", { name: words.of(told.name) })), make("ul", {}, ...words.of(told.differences).map((text) => make("li", {}, text))))));
    by("credits").textContent = head.credits.join(". ");
    this.maps.forEach((map, n) => map.element.setAttribute("aria-label", words.say("map", { name: words.of(this.scenes[n].told.name) })));
    this.strips.forEach((strip, n) => strip.element.setAttribute("aria-label", words.say("strip", { name: words.of(this.scenes[n].told.name) })));
  }

  #drawLegend() {
    const { words } = this, map = this.maps[0], used = new Set(this.scenes.flatMap((scene) => [...new Set(scene.spells.stage)].map((stage) => scene.told.stages[stage].category)));
    const sign = (category, filled) => {
      const canvas = make("canvas", { width: 18 * map.ratio, height: 18 * map.ratio, "aria-hidden": "true" }), c = canvas.getContext("2d");
      c.scale(map.ratio, map.ratio);
      drawSign(c, category.sign, 9, 9, map.dark ? category.dark : category.light, map.colours.ground, filled);
      return canvas;
    };
    const shown = this.head.categories.filter((_, number) => used.has(number));
    document.getElementById("legend").replaceChildren(
      ...shown.map((category) => make("li", {}, sign(category, true), words.of(category.label))),
      make("li", {}, sign(this.head.categories[0], true), words.say("legend_waiting")),
      make("li", {}, sign(this.head.categories[0], false), words.say("legend_served")));
  }

  /** The signs of the map itself, as far as they are on it. */
  #drawMapLegend() {
    const { words, head } = this, map = this.maps[0], signs = {
      boundary: (c) => map.line(c, [0, 9, 18, 9], "boundary"),
      crossing: (c) => map.diamond(c, 9, 9),
      zone: (c) => map.line(c, [0, 9, 18, 9], "zone"),
      alternate: (c) => map.alternate(c, 9, 9),
    };
    const shown = { boundary: true, crossing: true, zone: head.backdrop.zones.length, alternate: this.maps.some((one) => one.alternates.length) };
    document.getElementById("map-legend").replaceChildren(...Object.keys(signs).filter((term) => shown[term]).map((term) => {
      const canvas = make("canvas", { width: 18 * map.ratio, height: 18 * map.ratio, "aria-hidden": "true" }), c = canvas.getContext("2d");
      c.scale(map.ratio, map.ratio);
      signs[term](c);
      return make("li", {}, canvas, words.say(term));
    }));
  }

  draw() {
    const { tick } = this.clock, { words } = this, by = (id) => document.getElementById(id);
    this.maps.forEach((map) => map.draw(tick, this.chosen));
    this.strips.forEach((strip) => strip.draw(tick));
    by("clock").textContent = words.instant(tick);
    by("slider").value = tick / this.head.ticks_per_s;
    by("slider").setAttribute("aria-valuetext", words.instant(tick));
    const now = performance.now();
    if (this.clock.playing && now - (this.told ?? 0) < TOLD_EVERY_MS) return;
    this.told = now;
    this.banners.forEach((banner, n) => this.#drawBanner(banner, this.scenes[n], tick));
    by("now").replaceChildren(...this.scenes.map((scene, n) => this.#table(scene, this.maps[n], tick)));
    if (this.finder?.kind.value === "on_map" && !this.clock.playing) this.finder.fill();
  }

  #drawBanner(banner, scene, tick) {
    const { words, head } = this;
    const told = scene.disruptionsAt(tick).map(([kind, , end]) => words.say("until", { what: words.of(head.disruptions[kind]), when: words.instant(end * head.ticks_per_s) }));
    const closed = scene.closedRoutes(tick).map((route) => words.pair(words.of(head.routes[route].name), words.say("corridor_closed")));
    banner.replaceChildren(...[...told, ...closed].map((text) => make("li", {}, `⚠ ${text}`)));
  }

  /** What the map shows, in words and numbers. */
  #table(scene, map, tick) {
    const { words } = this;
    const released = scene.flights.released.reduce((n, at) => n + (at !== scene.never && at <= tick), 0);
    const counts = { in_air: map.counts.inAir, on_ground: map.counts.seen - map.counts.inAir, released_so_far: released };
    const summary = Object.entries(counts).map(([term, n]) => words.pair(words.say(term), n)).join(" · ");
    const queues = scene.pools.map((pool, p) => ({ pool, ...scene.pool(p, tick) })).filter((now) => now.pool.used && now.waiting);
    queues.sort((a, b) => b.waiting - a.waiting);
    const rows = queues.slice(0, 8).map(({ pool, waiting, busy, servers }) => make("tr", {}, make("th", { scope: "row" }, words.of(pool.told.label)),
      make("td", { class: "number" }, String(waiting)), make("td", { class: "number" }, inUse(words, busy, servers))));
    const heads = [["queue", ""], ["waiting", "number"], ["busy", "number"]].map(([term, kind]) => make("th", { scope: "col", class: kind }, words.say(term)));
    const table = rows.length ? make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)) : make("p", {}, words.say("no_queue"));
    return make("div", {}, make("h3", {}, words.of(scene.told.name)), make("p", {}, summary), table);
  }

  #played(playing) {
    this.#sayPlaying();
    if (!playing) this.draw();
  }

  #sayPlaying() {
    document.getElementById("play-sign").textContent = this.clock.playing ? "⏸" : "▶";
    document.getElementById("play-word").textContent = this.words.say(this.clock.playing ? "pause" : "play");
  }

  // --------------------------------------------------------------------------------------- choices

  open(flight, scene) {
    Object.assign(this, { chosen: flight, opened: scene });
    this.story.show(flight, scene);
    const section = document.getElementById("story");
    section.hidden = false;
    section.focus({ preventScroll: true });
    section.scrollIntoView({ block: "nearest" });
    this.finder.mark(flight);
    this.draw();
  }

  close() {
    const focused = document.getElementById("story").contains(document.activeElement);
    document.getElementById("story").hidden = true;
    if (focused) this.maps[this.opened.number].element.focus();
    this.chosen = this.opened = null;
    this.finder.mark(null);
    this.draw();
  }

  speak(language) {
    this.words.choose(language);
    this.settle();
    this.finder.fill();
    if (!document.getElementById("story").hidden) this.story.show(this.chosen, this.opened);
  }

  dress(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    this.settle();
  }

  /** Where every flight is seen at an instant (s): number, stage, whether it waits, and m from the map's corner. */
  positions(number, instant_s) {
    const scene = this.scenes[number], tick = Math.round(instant_s * this.head.ticks_per_s), point = { x: 0, y: 0 };
    return scene.seenAt(tick).map((spell) => {
      scene.place(spell, tick, point);
      const { flight, stage, waiting } = scene.spells;
      return { flight: flight[spell], stage: scene.told.stages[stage[spell]].key, waiting: Boolean(waiting[spell]), x: point.x, y: point.y };
    });
  }
}

/** How many servers of a pool are in use; nothing where it takes all that come. */
function inUse(words, busy, servers) {
  if (servers === null) return busy ? String(busy) : "";
  return servers === 0 && !busy ? words.say("closed") : `${busy}/${servers}`;
}

/** The page, once its data are read; `window.replay` for whoever wants to look at it from the console. */
window.replay = inflated(document.getElementById("data").textContent).then((bytes) => new Page(JSON.parse(document.getElementById("head").textContent), bytes));
