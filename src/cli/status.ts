import { readClientKey } from '../config/index.ts';
import { gatewayAddress } from './address.ts';
import { type Answer, ask } from './ask.ts';
import { Failure, WrongKey } from './failure.ts';
import { print, printJson, style } from './terminal.ts';

export async function showStatus(options: { url?: string; key?: string; json?: boolean }): Promise<void> {
  const gateway = gatewayAddress(options.url);
  const key = options.key ?? readClientKey();
  const [health, status] = await Promise.all([
    ask(gateway, '/health/detailed', key),
    ask(gateway, '/api/v2/status', key),
  ]);
  refuseRefusal(health, key);
  // A key without the scope `status` sees how things are, and not what is going on.
  const now = status.status === 200 ? toMembers(status.body) : {};
  const all = { ...toMembers(health.body), ...now };
  if (options.json) return printJson({ address: gateway.origin, ...all });
  print(`${style('bold', gateway.origin)}\n${toLines(all).join('\n')}`);
}

function refuseRefusal({ status, body }: Answer, key: string | undefined): void {
  if (status === 200) return;
  if (status !== 401) throw new Failure(`The gateway answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  if (key !== undefined) throw new WrongKey();
  throw new Failure(
    'The gateway wants a key. Set GATEWAY_KEY or GATEWAY_ADMIN_KEY; `npm run gateway -- keys create` makes one.',
  );
}

/** One line a fact; of groups, one line a member. */
function toLines(all: Record<string, unknown>): string[] {
  const facts = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([member, state]) => [`${name} ${member}`, String(state)])
      : [[name, String(value)]],
  );
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${style(colorOf(value), value)}`);
}

function colorOf(value: string): 'green' | 'yellow' | 'red' | 'reset' {
  if (['ok', 'connected', 'active'].includes(value)) return 'green';
  if (['degraded', 'draining'].includes(value)) return 'yellow';
  if (['disconnected', 'error', 'unavailable'].includes(value)) return 'red';
  return 'reset';
}

function toMembers(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
