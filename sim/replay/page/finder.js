// Lists of flights: the worst delayed, contraband missed or found, the diverted, those that won or lost, those on the map.

const LIST_LENGTH = 200;
const KINDS = ["worst", "missed", "found", "diverted", "unreleased", "gained", "lost", "on_map"];

class Finder {
  constructor(head, scenes, maps, words, open) {
    Object.assign(this, { head, scenes, maps, words, open });
    this.kind = document.getElementById("list-kind");
    this.scene = document.getElementById("list-scene");
    this.kind.addEventListener("change", () => this.fill());
    this.scene.addEventListener("change", () => this.fill());
    document.getElementById("list-scene-label").hidden = scenes.length < 2;
    document.getElementById("by-number").addEventListener("submit", (event) => this.#byNumber(event));
  }

  /** Name the choices in the reader's language. */
  name() {
    const [kind, scene] = [this.kind.value || "worst", this.scene.value || "0"], other = this.scenes[1 - Number(scene)];
    const kinds = KINDS.filter((one) => (this.head.paired && other) || !["gained", "lost"].includes(one));
    this.kind.replaceChildren(...kinds.map((one) => make("option", { value: one }, this.words.say(one, { name: other && this.words.of(other.told.name) }))));
    this.scene.replaceChildren(...this.scenes.map(({ told }, n) => make("option", { value: n }, this.words.say("list_of", { name: this.words.of(told.name) }))));
    this.kind.value = kinds.includes(kind) ? kind : "worst";
    this.scene.value = scene;
  }

  get shown() {
    return this.scenes[Number(this.scene.value)];
  }

  /** The flights of the list, worst first, with a phrase on each. */
  flights() {
    const scene = this.shown, other = this.scenes[1 - scene.number], f = scene.flights;
    const counted = [...Array(scene.n).keys()].filter((flight) => f.measured[flight]);
    const byDelay = (a, b) => scene.delay(b) - scene.delay(a) || a - b;
    const gain = (flight) => other.flights.released[flight] - f.released[flight];
    const both = (flight) => scene.isReleased(flight) && other.isReleased(flight);
    const outcome = (name) => this.head.outcome_keys.indexOf(name);
    return {
      worst: () => counted.filter((flight) => scene.isReleased(flight)).sort(byDelay),
      missed: () => counted.filter((flight) => f.missed[flight]).sort(byDelay),
      found: () => counted.filter((flight) => f.found[flight]),
      diverted: () => counted.filter((flight) => f.outcome[flight] === outcome("diverted")),
      unreleased: () => counted.filter((flight) => !scene.isReleased(flight)),
      gained: () => counted.filter((flight) => both(flight) && gain(flight) > 0).sort((a, b) => gain(b) - gain(a)),
      lost: () => counted.filter((flight) => both(flight) && gain(flight) < 0).sort((a, b) => gain(a) - gain(b)),
      on_map: () => this.maps[scene.number].flightsDrawn(),
    }[this.kind.value]();
  }

  fill() {
    this.name();
    const { words } = this, scene = this.shown, flights = this.flights(), kind = this.kind.value;
    const shown = flights.slice(0, LIST_LENGTH);
    const note = !flights.length ? "nothing_listed" : flights.length > shown.length ? "first_of" : "of_all";
    document.getElementById("list-note").textContent = words.say(note, { n: shown.length, all: flights.length });
    document.getElementById("list").replaceChildren(...shown.map((flight) => {
      const button = make("button", { type: "button", "data-flight": flight, onclick: () => this.open(flight, scene) },
        make("span", {}, words.say("flight", { number: flight })), make("span", {}, this.#phrase(scene, flight, kind)));
      return make("li", {}, button);
    }));
  }

  #phrase(scene, flight, kind) {
    const { words } = this, other = this.scenes[1 - scene.number], late = scene.delay(flight);
    if (kind === "gained" || kind === "lost") return words.duration(Math.abs(other.flights.released[flight] - scene.flights.released[flight]));
    if (!scene.isReleased(flight)) return words.of(this.head.outcomes[scene.flights.outcome[flight]]);
    return words.say(late >= 0 ? "late_by" : "early_by", { time: words.duration(Math.abs(late)) });
  }

  #byNumber(event) {
    event.preventDefault();
    const written = document.getElementById("number").value.trim(), flight = Number(written), scene = this.shown;
    if (/^\d+$/.test(written) && flight < scene.n) this.open(flight, scene);
    else document.getElementById("list-note").textContent = this.words.say("no_such");
  }

  /** Mark the flight whose story is open. */
  mark(flight) {
    for (const button of document.querySelectorAll("#list button")) {
      button.setAttribute("aria-current", String(Number(button.dataset.flight) === flight));
    }
  }
}
