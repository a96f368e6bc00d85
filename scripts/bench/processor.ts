/**
 * What the kernel counted: the processor time and the memory of a process. On a machine that others use too, this is far
 * steadier than requests a second; only Linux tells it so plainly.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Microseconds of all threads, in user and kernel mode. */
export function processorTime(pid: number): number {
  return existsSync(`/proc/${pid}/schedstat`) ? timeOfThreads(pid) : timeInTicks(pid);
}

/** To the nanosecond, where the kernel counts so (CONFIG_SCHED_INFO); Node's threads last as long as their process. */
function timeOfThreads(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
  }
  return nanoseconds / 1000;
}

/** To the tick, a hundredth of a second nearly everywhere. */
function timeInTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold anything; what follows it is numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
}

let ticksPerSecond: number | undefined;

/** Resident bytes. */
export function memoryOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) * 1024;
}

export interface Cores {
  /** Where servers run. */
  server: string;
  /** Where everything else runs, this process too. */
  rest: string;
}

/** Takes this process off the core that the servers get. Undefined where there are no two cores, or no `taskset`. */
export function takeCores(): Cores | undefined {
  const allowed = /^Cpus_allowed_list:\s+(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const [server, rest] = allowed.split(',').flatMap((range) => {
    const [first = '', last = first] = range.split('-');
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => String(Number(first) + index));
  });
  if (server === undefined || rest === undefined) return undefined;
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', rest, String(process.pid)], { stdio: 'ignore' });
  return status === 0 ? { server, rest } : undefined;
}
