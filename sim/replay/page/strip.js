// The strip under a map: flights in queues by category, releases an hour, disruptions; a line marks the moment.

const LEFT_PX = 8, RIGHT_PX = 8, TOP_PX = 20, RELEASES_SHARE = 0.3;

class StripView {
  constructor(head, scene, words, element, map) {
    Object.assign(this, { head, scene, words, element, map });
    this.canvas = element.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    this.nSamples = scene.strip.waiting.length / head.categories.length;
  }

  x(tick) {
    return LEFT_PX + (tick / this.scene.horizon) * (this.width - LEFT_PX - RIGHT_PX);
  }

  tickAt(x) {
    const share = (x - LEFT_PX) / (this.width - LEFT_PX - RIGHT_PX);
    return Math.min(Math.max(share, 0), 1) * this.scene.horizon;
  }

  /** Draw all but the line; `most` are the largest queue and the most releases of all strips, so that they compare. */
  settle(most) {
    const { clientWidth: width, clientHeight: height } = this.element, ratio = this.map.ratio;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.still = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    const c = this.still.getContext("2d"), { colours, font, dark } = this.map, { words, scene } = this;
    c.scale(ratio, ratio);
    c.fillStyle = colours.panel;
    c.fillRect(0, 0, width, height);
    const base = height - 18, split = base - (base - TOP_PX) * RELEASES_SHARE;
    this.#drawWindow(c, base, colours, font);
    this.#drawDisruptions(c, base, colours);
    this.#drawWaiting(c, split - 4, most.waiting, dark);
    this.#drawReleases(c, split + 12, base, most.releases, colours);
    this.#drawDays(c, base, colours, font);
    c.font = `12px ${font}`;
    c.fillStyle = colours.soft;
    c.fillText(words.say("with_most", { what: words.say("waiting_for"), n: Math.max(...this.totals()) }), LEFT_PX, 13);
    c.fillText(words.say("with_most", { what: words.say("releases"), n: Math.max(...scene.strip.releases) }), LEFT_PX, split + 9);
  }

  /** All that wait, at every sample. */
  totals() {
    const { waiting } = this.scene.strip, totals = new Int32Array(this.nSamples);
    waiting.forEach((n, i) => (totals[i % this.nSamples] += n));
    return totals;
  }

  #drawWindow(c, base, colours, font) {
    const [start, end] = this.scene.told.window_s.map((s) => this.x(s * this.head.ticks_per_s));
    c.fillStyle = colours.ground;
    c.fillRect(LEFT_PX, TOP_PX, start - LEFT_PX, base - TOP_PX);
    c.fillRect(end, TOP_PX, this.width - RIGHT_PX - end, base - TOP_PX);
    const text = this.words.say("days_not_counted");
    c.font = `11px ${font}`;
    c.fillStyle = colours.soft;
    for (const [from, to] of [[LEFT_PX, start], [end, this.width - RIGHT_PX]]) {
      if (c.measureText(text).width < to - from - 8) c.fillText(text, from + 4, TOP_PX + 12);
    }
  }

  #drawDisruptions(c, base, colours) {
    c.fillStyle = colours.alarm;
    for (const [, start, end] of this.scene.told.disruptions) {
      const from = this.x(start * this.head.ticks_per_s), to = this.x(Math.min(end * this.head.ticks_per_s, this.scene.horizon));
      c.globalAlpha = 0.22;
      c.fillRect(from, TOP_PX, Math.max(to - from, 1), base - TOP_PX);
      c.globalAlpha = 1;
      c.fillRect(from, TOP_PX - 3, Math.max(to - from, 2), 3);
    }
  }

  /** Stacked by category, the most of each pixel's samples. */
  #drawWaiting(c, floor, most, dark) {
    const { waiting } = this.scene.strip, k = this.nSamples, below = new Float64Array(k);
    this.head.categories.forEach((category, number) => {
      const own = waiting.subarray(number * k, (number + 1) * k);
      if (!own.some((n) => n)) return;
      c.fillStyle = dark ? category.dark : category.light;
      c.beginPath();
      for (let i = 0; i < k; i++) {
        if (!own[i]) continue;
        const x = this.x(i * this.head.waiting_every_s * this.head.ticks_per_s), px = (floor - TOP_PX) / Math.max(most, 1);
        const wide = Math.max(this.x((i + 1) * this.head.waiting_every_s * this.head.ticks_per_s) - x, 1);
        c.rect(x, floor - (below[i] + own[i]) * px, wide, own[i] * px);
        below[i] += own[i];
      }
      c.fill();
    });
  }

  #drawReleases(c, top, base, most, colours) {
    c.fillStyle = colours.soft;
    this.scene.strip.releases.forEach((n, hour) => {
      const from = this.x(hour * this.head.releases_every_s * this.head.ticks_per_s);
      const to = this.x((hour + 1) * this.head.releases_every_s * this.head.ticks_per_s);
      const high = (n / Math.max(most, 1)) * (base - top);
      c.fillRect(from, base - high, Math.max(to - from - 0.4, 0.6), high);
    });
  }

  #drawDays(c, base, colours, font) {
    const first = 1 - this.head.day_1_s / 86400;
    const day = 86400 * this.head.ticks_per_s, n = Math.ceil(this.scene.horizon / day), wide = this.x(day) - this.x(0);
    c.strokeStyle = c.fillStyle = colours.soft;
    c.font = `11px ${font}`;
    c.lineWidth = 0.5;
    for (let i = 0; i < n; i++) {
      c.beginPath();
      c.moveTo(this.x(i * day), TOP_PX);
      c.lineTo(this.x(i * day), base + 4);
      c.stroke();
      const every = Math.max(1, Math.ceil(30 / wide));
      if (i % every === 0) c.fillText(this.words.say(wide * every > 52 ? "day" : "day_short", { day: first + i }), this.x(i * day) + 3, base + 13);
    }
  }

  draw(tick) {
    const c = this.context, x = this.x(tick);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.still, 0, 0);
    c.scale(this.ratio, this.ratio);
    c.fillStyle = this.map.colours.ink;
    c.fillRect(x - 1, 2, 2, this.height - 16);
  }
}
