type Labels = Readonly<Record<string, string | number>>;
type Sample = { suffix: string; labels: Labels; value: number };

interface Family {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  collect: () => Sample[] | Promise<Sample[]>;
}

/** Upper bounds in seconds for request durations: exports last minutes, reads milliseconds. */
const DURATION_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** What a scrape shows. Label values are few and ours (operations, states), never ids. */
export class Metrics {
  readonly #families = new Map<string, Family>();

  #add(name: string, family: Family): void {
    if (this.#families.has(name)) throw new Error(`metric ${name} is registered twice`);
    this.#families.set(name, family);
  }

  /** Something that only grows; the function it gives adds to it. */
  counter(name: string, help: string): (labels?: Labels, by?: number) => void {
    const values = new Map<string, Sample>();
    this.#add(name, { type: 'counter', help, collect: () => [...values.values()] });
    return (labels = {}, by = 1) => {
      const key = JSON.stringify(labels);
      const sample = values.get(key);
      if (sample === undefined) values.set(key, { suffix: '', labels, value: by });
      else sample.value += by;
    };
  }

  /** Something that is read at each scrape: one value, or one for each set of labels. */
  gauge(name: string, help: string, read: () => GaugeValue | Promise<GaugeValue>): void {
    const collect = async () => {
      const now = await read();
      const list = typeof now === 'number' ? [{ labels: {}, value: now }] : now;
      return list.map(({ labels, value }) => ({ suffix: '', labels, value }));
    };
    this.#add(name, { type: 'gauge', help, collect });
  }

  /** How long things took, in seconds; the function it gives notes one. */
  durations(name: string, help: string): (labels: Labels, seconds: number) => void {
    const series = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
    const collect = () => [...series.values()].flatMap(histogramSamples);
    this.#add(name, { type: 'histogram', help, collect });
    return (labels, seconds) => {
      const key = JSON.stringify(labels);
      let one = series.get(key);
      if (one === undefined) {
        one = { labels, counts: Array.from({ length: DURATION_BUCKETS_S.length + 1 }, () => 0), sum: 0 };
        series.set(key, one);
      }
      const bucket = DURATION_BUCKETS_S.findIndex((bound) => seconds <= bound);
      one.counts[bucket === -1 ? DURATION_BUCKETS_S.length : bucket]! += 1;
      one.sum += seconds;
    };
  }

  /** The Prometheus text format, version 0.0.4. A gauge that cannot be read now is left out. */
  async render(): Promise<string> {
    let text = '';
    for (const [name, { type, help, collect }] of this.#families) {
      const samples = await readSamples(collect);
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
      for (const { suffix, labels, value } of samples) {
        text += `${name}${suffix}${renderLabels(labels)} ${value}\n`;
      }
    }
    return text;
  }
}

export type GaugeValue = number | { labels: Labels; value: number }[];

async function readSamples(collect: Family['collect']): Promise<Sample[]> {
  try {
    return await collect();
  } catch {
    return [];
  }
}

function histogramSamples({
  labels,
  counts,
  sum,
}: {
  labels: Labels;
  counts: number[];
  sum: number;
}): Sample[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return {
      suffix: '_bucket',
      labels: { ...labels, le: DURATION_BUCKETS_S[index] ?? '+Inf' },
      value: total,
    };
  });
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }];
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
