/** So many connections, each sending its next request when it has the answer to the last. */
import { processorTime } from '../processor.ts';
import { median } from '../rounds.ts';
import { HttpLane } from './http-lane.ts';

export interface Slice {
  requests: number;
  /** Processor time of the server, in microseconds a request. */
  cost: number;
  /** Milliseconds. */
  latency: number;
}

export interface Server {
  name: string;
  pid: number;
  port: number;
}

const longestWarmUpMs = 8000;

/** What connection `lane` sends as its `turn`-th request. */
export type NextRequest = (lane: number, turn: number) => Buffer;

export class ClosedLoop {
  readonly #server: Server;
  readonly #next: NextRequest;
  readonly #lanes: HttpLane[];
  readonly #turns: number[];

  static async open(server: Server, connections: number, next: NextRequest): Promise<ClosedLoop> {
    const lanes = await Promise.all(Array.from({ length: connections }, () => HttpLane.open(server.port)));
    return new ClosedLoop(server, lanes, next);
  }

  private constructor(server: Server, lanes: HttpLane[], next: NextRequest) {
    this.#server = server;
    this.#lanes = lanes;
    this.#next = next;
    this.#turns = lanes.map(() => 0);
  }

  /** Ends when all that was asked is answered, so that no slice pays for another's requests. */
  async run(milliseconds: number): Promise<Slice> {
    const before = processorTime(this.#server.pid);
    let end: number | undefined;
    const latencies = await this.#until(() => {
      end ??= performance.now() + milliseconds;
      return performance.now() >= end;
    });
    const cost = (processorTime(this.#server.pid) - before) / latencies.length;
    return { requests: latencies.length, cost, latency: median(latencies) };
  }

  /** Sends exactly so many. */
  async send(count: number): Promise<void> {
    let begun = 0;
    await this.#until(() => {
      begun += 1;
      return begun > count;
    });
  }

  /** So many, or as many as go into the time that a warm-up may take on a machine that is busy with something else. */
  async warmUp(count: number): Promise<void> {
    const end = performance.now() + longestWarmUpMs;
    let begun = 0;
    await this.#until(() => {
      begun += 1;
      return begun > count || performance.now() > end;
    });
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  async #until(isOver: () => boolean): Promise<number[]> {
    for (const [index, lane] of this.#lanes.entries()) {
      if (!lane.isOpen) this.#lanes[index] = await HttpLane.open(this.#server.port);
    }
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const latencies: number[] = [];
    let busy = this.#lanes.length;
    const ask = (lane: HttpLane, index: number): void => {
      if (isOver()) {
        busy -= 1;
        if (busy === 0) resolve(latencies);
        return;
      }
      const turn = this.#turns[index] ?? 0;
      this.#turns[index] = turn + 1;
      const asked = performance.now();
      lane.send(this.#next(index, turn), (good) => {
        if (!good) return reject(new Error(`${this.#server.name} failed under load`));
        latencies.push(performance.now() - asked);
        ask(lane, index);
      });
    };
    for (const [index, lane] of this.#lanes.entries()) ask(lane, index);
    return promise;
  }
}
