// The story of one flight: its stages on a time line, its critical path, what held it up, the same under the other scenario.

class Story {
  constructor(head, scenes, words) {
    Object.assign(this, { head, scenes, words });
  }

  /** Fill the section with the story of a flight, seen from the scene in which it was opened. */
  show(flight, opened) {
    const shown = this.head.paired ? this.scenes : [opened];
    document.getElementById("story-title").textContent = this.words.say("story", { number: flight });
    document.getElementById("story-about").textContent = this.about(opened, flight).join(" · ");
    const sides = document.getElementById("story-sides");
    sides.replaceChildren(...shown.map((scene) => this.#side(scene, flight)));
    if (!this.head.paired) sides.append(make("p", {}, this.words.say("not_paired")));
  }

  /** What a flight is, in phrases. */
  about(scene, flight) {
    const { words, head } = this, f = scene.flights, route = head.routes[f.route[flight]];
    const { from, to } = this.ends(scene, flight);
    return [
      words.of(route.name),
      words.say("from_to", { from, to }),
      words.of(head.priorities[f.priority[flight]]),
      words.say("operator", { number: f.operator[flight] }),
      f.aeo[flight] ? words.say("aeo") : null,
      f.passengers[flight] ? words.say("carries_passengers", { n: f.passengers[flight] }) : words.say("carries", { n: f.consignments[flight] }),
      f.measured[flight] ? null : words.say("not_counted"),
      words.pair(words.say("ordered"), words.instant(f.ordered[flight])),
      words.pair(words.say("planned_departure"), words.instant(f.planned_departure[flight])),
      words.pair(words.say("planned_release"), words.instant(f.planned_release[flight])),
    ].filter(Boolean);
  }

  ends(scene, flight) {
    const { line } = this.head.routes[scene.flights.route[flight]];
    const names = [line.slice(0, 2), line.slice(-2)].map((end) => this.words.of(this.head.sites.find((site) => site.point.join() === end.join()).name));
    if (!scene.flights.outward[flight]) names.reverse();
    return { from: names[0], to: names[1] };
  }

  /** What became of the flight, in a phrase. */
  became(scene, flight) {
    const { words } = this, late = scene.delay(flight);
    if (!scene.isReleased(flight)) return words.of(this.head.outcomes[scene.flights.outcome[flight]]);
    const by = words.say(late >= 0 ? "late_by" : "early_by", { time: words.duration(Math.abs(late)) });
    return [words.say("released_at", { when: words.instant(scene.flights.released[flight]) }), by].join(" · ");
  }

  #side(scene, flight) {
    const { words } = this;
    const compared = [this.#against(scene, flight), ...this.#contraband(scene, flight)].filter(Boolean);
    const held = [...this.#putOff(scene, flight), ...this.#heldUp(scene, flight)];
    return make("article", {},
      make("h3", {}, words.pair(words.of(scene.told.name), this.became(scene, flight))),
      compared.length ? make("p", {}, compared.join(" · ")) : null,
      held.length ? make("p", { class: "held" }, this.#joined(held)) : null,
      ...this.#charts(scene, flight));
  }

  #against(scene, flight) {
    const other = this.scenes.find((one) => one !== scene), { words } = this;
    if (!other || !this.head.paired || !scene.isReleased(flight) || !other.isReleased(flight)) return null;
    const gain = other.flights.released[flight] - scene.flights.released[flight], name = this.words.of(other.told.name);
    if (gain === 0) return words.say("same_time", { name });
    return words.say(gain > 0 ? "sooner_by" : "later_by", { time: words.duration(Math.abs(gain)), name });
  }

  #contraband(scene, flight) {
    const counts = { illicit_missed: scene.flights.missed[flight], illicit_found: scene.flights.found[flight] };
    return Object.entries(counts).filter(([, n]) => n).map(([term, n]) => this.words.say(term, { n }));
  }

  /** The critical path and the time line, with a legend where there is either; else the words that say why not. */
  #charts(scene, flight) {
    const waterfall = this.#waterfall(scene, flight), timeline = this.#timeline(scene, flight);
    return [waterfall || timeline ? this.#kinds() : null, waterfall ?? make("p", {}, this.words.say("no_waterfall")), timeline];
  }

  /** By how much which rule put the departure off, for which the order came too late, or that the customer did not accept it. */
  #putOff(scene, flight) {
    const { words } = this, f = scene.flights, by = scene.putOff(flight);
    if (by <= 0) return [];
    const parts = {
      time: words.duration(by), from: words.instant(f.planned_departure[flight]), to: words.instant(f.target[flight]),
      rule: words.of(scene.told.limits[f.put_off_by[flight]]),
    };
    if (!scene.isLost(flight)) return [words.say("put_off", parts)];
    return [words.say("lost_why", parts), words.say("lost_most", { time: words.duration(f.accepted_shift[flight]) })];
  }

  /** Which stage took longest on the critical path, whose it is, and for whom it waited there: sentences. */
  #heldUp(scene, flight) {
    const { words, head } = this, v = scene.visits, rows = scene.visitsOf(flight);
    const onPath = rows.filter((row) => scene.onCriticalPath(row));
    const whose = (row) => words.of(head.whose[v.whose[row]].label), what = (row) => words.of(scene.told.stages[v.stage[row]].label);
    if (!onPath.length) return this.#unreleased(rows, v, what, whose);
    const worked = (row) => v.wait[row] + v.service[row];
    const worst = onPath.reduce((a, b) => (worked(b) > worked(a) ? b : a));
    const told = [words.say("held_up", { what: what(worst), whose: whose(worst), time: words.duration(worked(worst)) })];
    if (v.wait[worst] && v.pool[worst] >= 0) {
      told.push(words.say("held_wait", { time: words.duration(v.wait[worst]), pool: words.of(scene.told.pools[v.pool[worst]].label) }));
    }
    const scheduled = onPath.reduce((sum, row) => sum + v.schedule[row], 0);
    if (scheduled) told.push(words.say("held_schedule", { time: words.duration(scheduled) }));
    return told;
  }

  /** The same for a flight without a critical path: its longest wait, and the stage at which it is last seen. */
  #unreleased(rows, v, what, whose) {
    const { words } = this, waits = rows.filter((row) => v.entered[row] && v.left[row] > v.began[row]);
    const told = [];
    if (waits.length) {
      const worst = waits.reduce((a, b) => (v.left[b] - v.began[b] > v.left[a] - v.began[a] ? b : a));
      told.push(words.say("held_longest", { what: what(worst), whose: whose(worst), time: words.duration(v.left[worst] - v.began[worst]) }));
    }
    const last = rows.filter((row) => v.over[row] > v.began[row]).pop();
    if (last !== undefined) told.push(words.say("held_last", { what: what(last), whose: whose(last), when: words.instant(v.began[last]) }));
    return told;
  }

  #joined(sentences) {
    return sentences.join(this.words.language === "en" ? " " : "");
  }

  #kinds() {
    const of = (kind) => make("span", {}, make("span", { class: "bar", "aria-hidden": "true" }, make("i", { class: kind })), this.words.say(kind));
    return make("p", { class: "kinds" }, of("service"), of("wait"), of("schedule"));
  }

  #head(...terms) {
    const cells = terms.map(([term, kind]) => make("th", { scope: "col", class: kind ?? "" }, this.words.say(term)));
    return make("thead", {}, make("tr", {}, ...cells, make("td", { class: "bar-cell" })));
  }

  #whose(number) {
    const { label, colour } = this.head.whose[number];
    return make("td", { class: "whose" }, make("span", { class: "swatch", style: `--whose: ${colour}`, "aria-hidden": "true" }), this.words.of(label));
  }

  #bars(parts, from, to, colour) {
    const share = (tick) => (100 * Math.min(Math.max(tick - from, 0), to - from)) / (to - from || 1);
    if (parts.every(([, , end]) => end < from)) return make("td", { class: "bar-cell" }, "‹");
    const bars = parts.filter(([, start, end]) => end > start).map(([kind, start, end]) =>
      make("i", { class: kind, style: `left: ${share(start).toFixed(2)}%; width: ${(share(end) - share(start)).toFixed(2)}%` }));
    return make("td", { class: "bar-cell" }, make("div", { class: "bar", style: `--whose: ${colour}`, "aria-hidden": "true" }, ...bars));
  }

  /** A table that scrolls on its own where it is wider than the screen. */
  #wide(title, ...parts) {
    const table = make("table", {}, make("caption", {}, title), ...parts);
    return make("div", { class: "wide", role: "group", tabindex: 0, "aria-label": title }, table);
  }

  /** The parts of the critical path, each beginning where the one before ended; null for a flight without one. */
  #waterfall(scene, flight) {
    const { words, head } = this, v = scene.visits;
    const rows = scene.visitsOf(flight).filter((row) => scene.onCriticalPath(row));
    if (!rows.length) return null;
    const total = rows.reduce((sum, row) => sum + v.wait[row] + v.service[row] + v.schedule[row], 0);
    const worked = total - rows.reduce((sum, row) => sum + v.schedule[row], 0);
    let so_far = 0; // waiting by schedule would dwarf the rest, so it is written and not drawn
    const lines = rows.map((row) => {
      const begin = so_far, middle = begin + v.wait[row];
      so_far = middle + v.service[row];
      return make("tr", {}, make("th", { scope: "row" }, words.of(scene.told.stages[v.stage[row]].label)), this.#whose(v.whose[row]),
        ...["wait", "service", "schedule"].map((kind) => make("td", { class: "number" }, v[kind][row] ? words.duration(v[kind][row]) : "")),
        this.#bars([["wait", begin, middle], ["service", middle, so_far]], 0, worked, head.whose[v.whose[row]].colour));
    });
    const sum = make("tr", { class: "total" }, make("th", { scope: "row" }, words.say("total")), make("td"), make("td", { class: "number", colspan: 3 }, words.duration(total)), make("td"));
    return this.#wide(words.say("waterfall"),
      this.#head(["stage"], ["whose"], ["wait", "number"], ["service", "number"], ["schedule", "number"]), make("tbody", {}, ...lines, sum));
  }

  /** Every stage that took time or was given up, with its wait and its service on a common axis; null where there is none. */
  #timeline(scene, flight) {
    const { words, head } = this, v = scene.visits;
    const rows = scene.visitsOf(flight).filter((row) => v.over[row] > v.began[row] || (v.start[row] === scene.never && v.over[row] > scene.flights.ordered[flight] && v.entered[row]));
    if (!rows.length) return null;
    const to = Math.max(...rows.map((row) => v.over[row])), from = this.#from(v, rows, to);
    const lines = rows.map((row) => {
      const left = v.left[row], ended = v.end[row] !== scene.never, served = v.start[row] !== scene.never;
      const critical = scene.onCriticalPath(row);
      const name = words.of(scene.told.stages[v.stage[row]].label);
      return make("tr", { class: critical ? "critical" : "" }, make("th", { scope: "row" }, name, critical ? make("span", { class: "unseen" }, ` (${words.say("critical")})`) : null),
        this.#whose(v.whose[row]),
        make("td", { class: "number" }, words.instant(v.began[row])),
        make("td", { class: "number" }, left > v.began[row] ? words.duration(left - v.began[row]) : ""),
        make("td", { class: "number" }, ended && served ? words.duration(v.over[row] - left) : words.say(ended ? "given_up" : "cut_off")),
        this.#bars([["wait", v.began[row], left], ["service", left, v.over[row]]], from, to, head.whose[v.whose[row]].colour));
    });
    const note = make("p", { class: "kinds" }, make("span", { class: "critical" }, words.say("critical")), `${words.instant(from)} – ${words.instant(to)}`);
    return make("div", {}, this.#wide(words.say("timeline"),
      this.#head(["stage"], ["whose"], ["entered", "number"], ["waited", "number"], ["took", "number"]), make("tbody", {}, ...lines)), note);
  }

  /** Where the axis begins: after the last long pause, since an authorisation may be days older than the rest. */
  #from(v, rows, to) {
    let from = v.began[rows[0]], over = from;
    for (const row of rows) {
      if (v.began[row] - over > (to - v.began[row]) / 2) from = v.began[row];
      over = Math.max(over, v.over[row]);
    }
    return from;
  }
}
