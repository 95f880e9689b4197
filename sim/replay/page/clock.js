// Time on the page: where it stands, whether it runs, and how fast.

class Clock {
  /** `changed(tick)` is told of every new moment, `played(isPlaying)` of starts and stops. */
  constructor(horizon, ticksPerS, changed, played) {
    Object.assign(this, { horizon, ticksPerS, changed, played, tick: 0, speed: 600, playing: false });
    this.frames = []; // milliseconds that the last frames took to draw
  }

  seek(tick) {
    this.tick = Math.min(Math.max(Math.round(tick), 0), this.horizon);
    const begun = performance.now();
    this.changed(this.tick);
    this.frames.push(performance.now() - begun);
    if (this.frames.length > 600) this.frames.shift();
  }

  stepBy(seconds) {
    this.seek(this.tick + seconds * this.ticksPerS);
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.tick >= this.horizon) this.tick = 0;
    this.played(this.playing);
    if (this.playing) this.#run();
  }

  pause() {
    if (this.playing) this.toggle();
  }

  #run() {
    let last = null, exact = this.tick;
    const frame = (now) => {
      if (!this.playing) return;
      if (last !== null) {
        if (Math.round(exact) !== this.tick) exact = this.tick; // the reader has moved the slider meanwhile
        exact += (Math.min(now - last, 250) / 1000) * this.speed * this.ticksPerS;
        this.seek(exact);
      }
      last = now;
      if (this.tick >= this.horizon) this.pause();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }
}
