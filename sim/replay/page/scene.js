// One scenario's replication: its flights, what they visited, what is seen of them, and where.
// Instants are whole ticks (tenths of a second) from the first midnight.

const AT_START = 0, MOVING = 1, HOLDING = 3; // the modes of a spell on its path; what remains is at its end
const BUCKET_TICKS = 6000; // what is seen is looked up by ten minutes

/** Positions of the rows of each group: rows of group g are order[first[g]] to order[first[g + 1] - 1]. */
function grouped(group, nGroups) {
  const first = new Int32Array(nGroups + 1);
  for (const g of group) first[g + 1]++;
  for (let g = 0; g < nGroups; g++) first[g + 1] += first[g];
  const next = first.slice(), order = new Int32Array(group.length);
  for (let row = 0; row < group.length; row++) order[next[group[row]]++] = row;
  return { first, order };
}

/** How many of the rising numbers are at most `value`. */
function countUpTo(rising, value) {
  let low = 0, high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Scene {
  constructor(head, number, bytes) {
    const told = head.scenarios[number];
    Object.assign(this, { number, told, never: head.never, ticksPerS: head.ticks_per_s, horizon: told.horizon_s * head.ticks_per_s });
    this.flights = columnsOf(bytes, told.columns.flights);
    this.n = this.flights.route.length;
    this.strip = columnsOf(bytes, told.columns.strip);
    this.paths = told.paths.map((points) => new Path(points));
    this.#readVisits(columnsOf(bytes, told.columns.visits));
    this.#readSpells(columnsOf(bytes, told.columns.spells));
    this.#readPools();
  }

  #readVisits(v) {
    const k = v.stage.length, none = this.never, { ended } = this.flights;
    v.over = new Int32Array(k); // left the stage: at its end, or where the flight was cut off
    v.left = new Int32Array(k); // left the queue
    for (let i = 0; i < k; i++) {
      const last = ended[v.flight[i]] === none ? this.horizon : ended[v.flight[i]];
      v.start[i] = v.start[i] < 0 ? none : v.began[i] + v.start[i];
      v.end[i] = v.end[i] < 0 ? none : (v.start[i] === none ? v.began[i] : v.start[i]) + v.end[i];
      v.over[i] = v.end[i] === none ? last : v.end[i];
      v.left[i] = v.start[i] === none ? v.over[i] : v.start[i];
      v.free[i] = v.free[i] < 0 ? none : v.over[i] + v.free[i];
    }
    this.visits = v;
    this.ofFlight = grouped(v.flight, this.n);
    this.rowOf = new Int32Array(this.n * this.told.stages.length).fill(-1);
    for (let i = 0; i < k; i++) this.rowOf[v.flight[i] * this.told.stages.length + v.stage[i]] = i;
  }

  #readSpells(s) {
    const k = s.stage.length, v = this.visits;
    s.begin = new Int32Array(k);
    s.end = new Int32Array(k);
    for (let i = 0; i < k; i++) {
      const row = this.rowOf[s.flight[i] * this.told.stages.length + s.stage[i]];
      s.begin[i] = (s.waiting[i] ? v.began[row] : v.start[row]) + s.later[i];
      s.end[i] = (s.waiting[i] ? v.left[row] : v.over[row]) - s.earlier[i];
    }
    this.spells = s;
    this.spellsOfFlight = grouped(s.flight, this.n);
    this.#makeBuckets();
  }

  #makeBuckets() {
    const { begin, end } = this.spells, n = Math.ceil(this.horizon / BUCKET_TICKS) + 1;
    const bucket = (tick) => Math.min(Math.max(Math.floor(tick / BUCKET_TICKS), 0), n - 1);
    const first = new Int32Array(n + 1);
    for (let i = 0; i < begin.length; i++) for (let b = bucket(begin[i]); b <= bucket(end[i]); b++) first[b + 1]++;
    for (let b = 0; b < n; b++) first[b + 1] += first[b];
    const next = first.slice(), order = new Int32Array(first[n]);
    for (let i = 0; i < begin.length; i++) for (let b = bucket(begin[i]); b <= bucket(end[i]); b++) order[next[b]++] = i;
    this.buckets = { first, order, bucket };
  }

  #readPools() {
    const v = this.visits, rows = grouped(v.pool.map((pool) => pool + 1), this.told.pools.length + 1);
    this.pools = this.told.pools.map((told, p) => {
      const own = rows.order.subarray(rows.first[p + 1], rows.first[p + 2]);
      const taken = own.filter((row) => v.start[row] !== this.never);
      return {
        told,
        used: told.shown && own.length > 0,
        entered: own.map((row) => v.began[row]).sort(),
        left: own.map((row) => v.left[row]).sort(),
        taken: taken.map((row) => v.start[row]).sort(),
        freed: taken.map((row) => v.free[row]).sort(),
      };
    });
  }

  /** The spells seen at a tick, in no order that means anything. */
  seenAt(tick) {
    const { first, order, bucket } = this.buckets, { begin, end } = this.spells, b = bucket(tick), seen = [];
    for (let j = first[b]; j < first[b + 1]; j++) {
      const i = order[j];
      if (begin[i] <= tick && tick < end[i]) seen.push(i);
    }
    return seen;
  }

  /** Writes into `point` where a spell is at a tick: x and y in m of the map, heading in radians. */
  place(spell, tick, point) {
    const { begin, end, mode, path } = this.spells;
    const share = mode[spell] === MOVING ? (tick - begin[spell]) / (end[spell] - begin[spell]) : mode[spell] === AT_START ? 0 : 1;
    this.paths[path[spell]].at(share, point);
  }

  category(spell) {
    return this.told.stages[this.spells.stage[spell]].category;
  }

  /** How many wait at a pool, how many of its servers are in use, and how many there are (null: all that come). */
  pool(p, tick) {
    const pool = this.pools[p];
    return {
      waiting: countUpTo(pool.entered, tick) - countUpTo(pool.left, tick),
      busy: countUpTo(pool.taken, tick) - countUpTo(pool.freed, tick),
      servers: this.servers(p, tick),
    };
  }

  servers(p, tick) {
    const changes = this.pools[p].told.servers;
    let now = 0;
    for (const [at, servers] of changes) if (at * this.ticksPerS <= tick) now = servers;
      else break;
    return now;
  }

  /** The disruptions at a tick, as [kind, start in s, end in s]. */
  disruptionsAt(tick) {
    return this.told.disruptions.filter(([, start, end]) => start * this.ticksPerS <= tick && tick < end * this.ticksPerS);
  }

  /** Whether anything stands still at any time, or a corridor gives no slots. */
  isEverClosed() {
    const { disruptions, pools } = this.told;
    return disruptions.length > 0 || pools.some(({ route, servers }) => route >= 0 && servers.some(([, n]) => n === 0));
  }

  /** The routes that give no slots at a tick, either way. */
  closedRoutes(tick) {
    const open = new Map();
    this.pools.forEach(({ told }, p) => {
      if (told.route >= 0) open.set(told.route, open.get(told.route) || this.servers(p, tick) !== 0);
    });
    return [...open].filter(([, isOpen]) => !isOpen).map(([route]) => route);
  }

  /** The rows of a flight's visits, by the instant at which they began. */
  visitsOf(flight) {
    const { first, order } = this.ofFlight, v = this.visits;
    return [...order.subarray(first[flight], first[flight + 1])].sort((a, b) => v.began[a] - v.began[b] || v.over[a] - v.over[b]);
  }

  spellsOf(flight) {
    const { first, order } = this.spellsOfFlight;
    return [...order.subarray(first[flight], first[flight + 1])].sort((a, b) => this.spells.begin[a] - this.spells.begin[b]);
  }

  isReleased(flight) {
    return this.flights.released[flight] !== this.never;
  }

  /** Ticks from the planned release to the release; Infinity for a flight that was not released. */
  delay(flight) {
    return this.isReleased(flight) ? this.flights.released[flight] - this.flights.planned_release[flight] : Infinity;
  }

  /** Ticks from the planned departure to the earliest one that the rules still permitted once the flight was ordered. */
  putOff(flight) {
    const { target, planned_departure } = this.flights;
    return target[flight] === this.never ? 0 : target[flight] - planned_departure[flight];
  }

  isLost(flight) {
    return this.flights.accepted_shift[flight] !== this.never;
  }

  onCriticalPath(row) {
    const { wait, service, schedule } = this.visits;
    return wait[row] + service[row] + schedule[row] > 0;
  }

  /** The tick at which the flight takes off, or else at which it is first seen; null for one that never is. */
  takeOff(flight) {
    const spells = this.spellsOf(flight), moving = spells.find((i) => this.spells.mode[i] === MOVING);
    const shown = moving ?? spells[0];
    return shown === undefined ? null : this.spells.begin[shown];
  }

  /** The tick in the middle of the flight's longest wait in a queue, or null. */
  longestWait(flight) {
    const v = this.visits;
    const rows = this.visitsOf(flight).filter((row) => v.entered[row] && v.left[row] > v.began[row]);
    if (!rows.length) return null;
    const worst = rows.reduce((a, b) => (v.left[b] - v.began[b] > v.left[a] - v.began[a] ? b : a));
    return Math.round((v.began[worst] + v.left[worst]) / 2);
  }
}

/** A polyline; `points` are x, y, x, y, … in m of the map. */
class Path {
  constructor(points) {
    this.points = points;
    this.soFar = [0];
    for (let i = 2; i < points.length; i += 2) {
      this.soFar.push(this.soFar[i / 2 - 1] + Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]));
    }
  }

  at(share, point) {
    const { points, soFar } = this, along = Math.min(Math.max(share, 0), 1) * soFar[soFar.length - 1];
    let i = 1;
    while (i < soFar.length - 1 && soFar[i] < along) i++;
    const length = soFar[i] - soFar[i - 1], part = length ? (along - soFar[i - 1]) / length : 0;
    const dx = points[2 * i] - points[2 * i - 2], dy = points[2 * i + 1] - points[2 * i - 1];
    point.x = points[2 * i - 2] + part * dx;
    point.y = points[2 * i - 1] + part * dy;
    point.heading = Math.atan2(dy, dx);
  }
}
