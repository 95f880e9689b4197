/* The tandem as a plain C loop: what a good program for this one world costs.
 *
 * It does what an engine does, with the stages written into it: the same queues by (priority, entry, number),
 * the same order of what falls on one instant, and queued, start and end of every stage of every flight. An
 * event is (instant, class, flight and stage), the least first, in a binary heap; hand-outs come after
 * everything else of their instant, by pool, and are noted in a mask. Flights arrive in the order of their numbers.
 */
#include <stdint.h>
#include <stdlib.h>

enum { VALIDATE, SCORE, INSPECT, SLOT, FLY, PAD, N_STAGES };
enum { N_POOLS = 4, N_PRIORITIES = 2 };
enum { END, SERVER_FREE }; /* the classes of events in the heap, first to last; arrivals go before both */

static const int pool_of_stage[N_STAGES] = {0, -1, 1, 2, -1, 3};
static const int stage_of_pool[N_POOLS] = {VALIDATE, INSPECT, SLOT, PAD};

typedef struct {
    double due;
    uint64_t code; /* class, then flight, then stage: the order at one instant */
} Event;

typedef struct {
    int32_t *flights; /* who has ever joined, in order; [head, tail) wait */
    int32_t head, tail;
} Queue;

typedef struct {
    Queue queue[N_PRIORITIES];
    int free; /* servers */
    int n_waiting;
} Pool;

typedef struct {
    int32_t n;
    const uint8_t *inspected;
    const int32_t *priority;
    const double *service[N_STAGES];
    double headway;
    double *queued, *start, *end; /* stage * n + flight */
    Pool pool[N_POOLS];
    unsigned called; /* the pools that hand out at this instant */
    Event *heap;
    int32_t n_events;
    double now;
} World;

static int before(Event a, Event b) { return a.due < b.due || (a.due == b.due && a.code < b.code); }

static void push(World *w, double due, uint64_t class, int32_t flight, int stage) {
    Event event = {due, class << 60 | (uint64_t)flight << 3 | (uint64_t)stage};
    int32_t place = w->n_events++;
    while (place > 0) {
        int32_t parent = (place - 1) / 2;
        if (!before(event, w->heap[parent]))
            break;
        w->heap[place] = w->heap[parent];
        place = parent;
    }
    w->heap[place] = event;
}

static Event pop(World *w) {
    Event first = w->heap[0], last = w->heap[--w->n_events];
    int32_t place = 0, child;
    while ((child = 2 * place + 1) < w->n_events) {
        if (child + 1 < w->n_events && before(w->heap[child + 1], w->heap[child]))
            child++;
        if (!before(w->heap[child], last))
            break;
        w->heap[place] = w->heap[child];
        place = child;
    }
    w->heap[place] = last;
    return first;
}

static void call(World *w, int pool) {
    if (w->pool[pool].free > 0 && w->pool[pool].n_waiting > 0)
        w->called |= 1u << pool;
}

static void begin(World *w, int32_t flight, int stage) {
    int64_t cell = (int64_t)stage * w->n + flight;
    w->start[cell] = w->now;
    push(w, w->now + (w->service[stage] ? w->service[stage][flight] : 0.0), END, flight, stage);
}

static void enter(World *w, int32_t flight, int stage) {
    int number = pool_of_stage[stage];
    w->queued[(int64_t)stage * w->n + flight] = w->now;
    if (number < 0) {
        begin(w, flight, stage);
        return;
    }
    Pool *pool = &w->pool[number];
    Queue *queue = &pool->queue[w->priority[flight]];
    const double *entry = w->queued + (int64_t)stage * w->n;
    int32_t place = queue->tail++;
    while (place > queue->head && queue->flights[place - 1] > flight && entry[queue->flights[place - 1]] == w->now) {
        queue->flights[place] = queue->flights[place - 1];
        place--;
    }
    queue->flights[place] = flight;
    pool->n_waiting++;
    call(w, number);
}

static void hand_out(World *w, int number) {
    Pool *pool = &w->pool[number];
    for (int priority = 0; priority < N_PRIORITIES; priority++) {
        Queue *queue = &pool->queue[priority];
        while (pool->free > 0 && queue->head < queue->tail) {
            pool->free--;
            pool->n_waiting--;
            begin(w, queue->flights[queue->head++], stage_of_pool[number]);
        }
    }
}

static void finish(World *w, int32_t flight, int stage) {
    int number = pool_of_stage[stage];
    w->end[(int64_t)stage * w->n + flight] = w->now;
    if (stage == SLOT && w->headway > 0) {
        push(w, w->now + w->headway, SERVER_FREE, flight, stage);
    } else if (number >= 0) {
        w->pool[number].free++;
        call(w, number);
    }
    int next = stage + 1;
    if (next == INSPECT && !w->inspected[flight])
        next++;
    if (next < N_STAGES)
        enter(w, flight, next);
}

static void run(World *w, const double *arrives) {
    int32_t arrived = 0;
    for (;;) {
        int is_event = w->n_events > 0, is_arrival = arrived < w->n;
        if (is_arrival && is_event && w->heap[0].due < arrives[arrived])
            is_arrival = 0;
        double due = is_arrival ? arrives[arrived] : is_event ? w->heap[0].due : w->now;
        if (w->called && ((!is_arrival && !is_event) || due > w->now)) {
            int number = __builtin_ctz(w->called);
            w->called &= w->called - 1;
            hand_out(w, number);
        } else if (is_arrival) {
            w->now = due;
            enter(w, arrived++, VALIDATE);
        } else if (is_event) {
            w->now = due;
            Event event = pop(w);
            int32_t flight = (int32_t)(event.code >> 3);
            int stage = (int)(event.code & 7);
            if (event.code >> 60 == END) {
                finish(w, flight, stage);
            } else {
                w->pool[pool_of_stage[stage]].free++;
                call(w, pool_of_stage[stage]);
            }
        } else {
            return;
        }
    }
}

/* service: an array of n for each stage, NULL for no time; queued, start, end: N_STAGES * n, NaN where nothing happens.
 * Returns 0, or 1 where memory is lacking. */
int tandem(int32_t n, const double *arrives, const uint8_t *inspected, const int32_t *priority, const double *const *service,
           const int32_t *servers, double headway, double *queued, double *start, double *end) {
    World w = {.n = n, .inspected = inspected, .priority = priority, .headway = headway, .queued = queued, .start = start, .end = end};
    int lacking = 0;
    for (int stage = 0; stage < N_STAGES; stage++)
        w.service[stage] = service[stage];
    for (int number = 0; number < N_POOLS; number++) {
        w.pool[number].free = servers[number];
        for (int priority_class = 0; priority_class < N_PRIORITIES; priority_class++) {
            w.pool[number].queue[priority_class].flights = malloc(sizeof(int32_t) * (size_t)n);
            lacking |= !w.pool[number].queue[priority_class].flights;
        }
    }
    w.heap = malloc(sizeof(Event) * ((size_t)n + 2)); /* a flight under way has one event, the slot one more */
    lacking |= !w.heap;
    if (!lacking)
        run(&w, arrives);
    free(w.heap);
    for (int number = 0; number < N_POOLS; number++)
        for (int priority_class = 0; priority_class < N_PRIORITIES; priority_class++)
            free(w.pool[number].queue[priority_class].flights);
    return lacking;
}
