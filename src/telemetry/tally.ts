/**
 * Counts by label values, cheap enough for the path of a request: a look-up and an addition. A counter of prom-client
 * costs 0.4 µs and a histogram 0.8 µs even with kept children, because they sort and join the labels each time.
 */
export interface Tally {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  samples(): Iterable<Sample>;
}

export interface Sample {
  /** What is added to the name: `_bucket`, `_sum` or `_count`. */
  suffix: string;
  /** Values of the labels, in their order. */
  values: readonly string[];
  /** The upper end of a bucket. */
  le?: string;
  value: number;
}

export interface Counter extends Tally {
  add(amount: number, ...values: string[]): void;
}

export interface Gauge extends Tally {
  set(value: number, ...values: string[]): void;
  add(amount: number, ...values: string[]): void;
}

export interface Histogram extends Tally {
  observe(value: number, ...values: string[]): void;
}

export function createCounter(name: string, help: string, labels: readonly string[] = []): Counter {
  const series = createSeries(labels, () => ({ value: 0 }));
  if (labels.length === 0) series.at([]);
  return {
    name,
    help,
    type: 'counter',
    labels,
    add(amount, ...values) {
      series.at(values).value += amount;
    },
    samples: () => series.all().map(([values, { value }]) => ({ suffix: '', values, value })),
  };
}

export function createGauge(name: string, help: string, labels: readonly string[] = []): Gauge {
  const series = createSeries(labels, () => ({ value: 0 }));
  if (labels.length === 0) series.at([]);
  return {
    name,
    help,
    type: 'gauge',
    labels,
    set(now, ...values) {
      series.at(values).value = now;
    },
    add(amount, ...values) {
      series.at(values).value += amount;
    },
    samples: () => series.all().map(([values, { value }]) => ({ suffix: '', values, value })),
  };
}

export function createHistogram(
  name: string,
  help: string,
  buckets: readonly number[],
  labels: readonly string[] = [],
): Histogram {
  const series = createSeries(labels, () => ({ count: 0, sum: 0, inBucket: buckets.map(() => 0) }));
  if (labels.length === 0) series.at([]);
  return {
    name,
    help,
    type: 'histogram',
    labels,
    observe(value, ...values) {
      const found = series.at(values);
      found.count += 1;
      found.sum += value;
      const bucket = buckets.findIndex((end) => value <= end);
      if (bucket !== -1) found.inBucket[bucket] = (found.inBucket[bucket] ?? 0) + 1;
    },
    *samples() {
      for (const [values, { count, sum, inBucket }] of series.all()) {
        let below = 0;
        for (const [index, end] of buckets.entries()) {
          below += inBucket[index] ?? 0;
          yield { suffix: '_bucket', values, le: String(end), value: below };
        }
        yield { suffix: '_bucket', values, le: '+Inf', value: count };
        yield { suffix: '_sum', values, value: sum };
        yield { suffix: '_count', values, value: count };
      }
    },
  };
}

/** Label values come from the contract and the configuration; should they ever not, memory is bounded all the same. */
const mostSeries = 1000;

/** Found label by label, so that looking makes nothing that has to be collected. */
interface Branch<State> {
  state: State | undefined;
  readonly next: Map<string, Branch<State>>;
}

function createSeries<State>(labels: readonly string[], make: () => State) {
  const root: Branch<State> = { state: undefined, next: new Map() };
  const series: [values: readonly string[], state: State][] = [];
  const others = labels.map(() => 'other');

  function branchOf(values: readonly string[]): Branch<State> {
    let branch = root;
    for (const value of values) {
      let next = branch.next.get(value);
      if (!next) {
        next = { state: undefined, next: new Map() };
        branch.next.set(value, next);
      }
      branch = next;
    }
    return branch;
  }

  function find(values: readonly string[]): State | undefined {
    let branch: Branch<State> | undefined = root;
    for (const value of values) branch = branch?.next.get(value);
    return branch?.state;
  }

  function begin(values: readonly string[]): State {
    const branch = branchOf(values);
    branch.state = make();
    series.push([values, branch.state]);
    return branch.state;
  }

  function stateOf(values: readonly string[]): State {
    return find(values) ?? (series.length < mostSeries ? begin(values) : (find(others) ?? begin(others)));
  }

  let latest: { values: readonly string[]; state: State } | undefined;

  return {
    /** What is counted is mostly what was counted last. */
    at(values: readonly string[]): State {
      if (latest?.values.every((value, index) => value === values[index])) return latest.state;
      latest = { values, state: stateOf(values) };
      return latest.state;
    },
    all: () => series,
  };
}
