// Words in the reader's language. Every text of the page is a list with one entry a language.

class Words {
  constructor(head, language) {
    this.head = head;
    this.choose(language);
  }

  choose(language) {
    this.number = Math.max(this.head.languages.indexOf(language), 0);
    this.language = this.head.languages[this.number];
    document.documentElement.lang = { "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans-CN" }[this.language] ?? this.language;
  }

  /** The reader's version of a text. */
  of(text) {
    return text[this.number];
  }

  /** A term of the list, with its {parts} filled in. */
  say(term, parts = {}) {
    return this.of(this.head.terms[term]).replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  }

  pair(what, how) {
    return this.say("pair", { what, how });
  }

  instant(tick, term = "day_clock") {
    const minutes = Math.floor((tick / this.head.ticks_per_s - this.head.day_1_s) / 60);
    const day = Math.floor(minutes / 1440), rest = minutes - day * 1440;
    const clock = `${String(Math.floor(rest / 60)).padStart(2, "0")}:${String(rest % 60).padStart(2, "0")}`;
    return this.say(term, { day: day + 1, clock });
  }

  duration(ticks) {
    const minutes = ticks / this.head.ticks_per_s / 60;
    if (minutes < 10) return this.say("minutes", { n: minutes.toFixed(1) });
    const whole = Math.round(minutes);
    if (whole < 100) return this.say("minutes", { n: whole });
    return this.say("hours", { h: Math.floor(whole / 60), m: String(whole % 60).padStart(2, "0") });
  }

  /** Fill in every element that names its term. */
  fill() {
    for (const element of document.querySelectorAll("[data-term]")) element.textContent = this.say(element.dataset.term);
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", this.say(element.dataset.label));
      element.title = this.say(element.dataset.label);
    }
  }
}

/** An element with attributes and children; texts become text nodes, never markup. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key === "style") element.setAttribute("style", value);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
