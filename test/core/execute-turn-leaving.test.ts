import assert from 'node:assert/strict';
import { GatewayError } from '../../src/core/errors.ts';
import type { Run, RunEvent } from '../../src/core/run.ts';
import { laneOf } from '../../src/core/turn.ts';
import { createCountedAbort } from '../support/counted-signal.ts';
import { isFree } from '../support/free-lane.ts';
import { alice, ask, type GatewayUnderTest } from '../support/make-gateway.ts';
import { finish, text } from '../support/scripted-provider.ts';
import { providerNews, useTurns } from '../support/use-turns.ts';

const page = { limit: 100 };

describe('a turn whose client leaves', () => {
  const rig = useTurns();

  it('ends the call, with what was said kept as far as it went', async () => {
    rig.scripts[0] = [text('Half an ans'), 'hang'];
    const sessionId = rig.freshSession();
    const abort = createCountedAbort();
    const { run } = await readUntil(rig.under, ask('hi', { sessionId }), abort, 1);
    assert.deepEqual([run?.state, run?.error?.code], ['failed', 'CLIENT_CLOSED']);
    assert.equal(run?.usage?.estimated, true);
    assert.equal(rig.first.calls[0]?.outcome, 'aborted');
    assert.ok(rig.first.calls[0]?.aborted instanceof GatewayError);
    assert.equal((await rig.under.store.listMessages('alice', sessionId, page))?.items.length, 2);
    assert.equal(abort.listeners(), 0);
    assert.equal(rig.second.calls.length, 0);
    assert.deepEqual(providerNews(rig.under), [], 'the provider did nothing wrong');
  });

  it('before the first chunk stops all tries', async () => {
    rig.scripts[0] = ['hang'];
    const abort = createCountedAbort();
    const { run, events } = await readUntil(rig.under, ask('hi'), abort, 0);
    assert.equal(run?.error?.code, 'CLIENT_CLOSED');
    assert.equal(events.length, 1);
    assert.equal(rig.second.calls.length, 0);
  });

  it('says why, where its transport has a reason of its own', async () => {
    rig.scripts[0] = ['hang'];
    const late = new GatewayError('PROVIDER_TIMEOUT', 'Too late.');
    const { run } = await readUntil(rig.under, ask('hi'), createCountedAbort(), 0, late);
    assert.equal(run?.error?.code, 'PROVIDER_TIMEOUT');
  });

  it('by reading no further is committed as left', async () => {
    rig.scripts[0] = [text('Half'), text(' an answer'), text(' more'), finish];
    const sessionId = rig.freshSession();
    const active = await rig.gateway.runs.start(alice, ask('hi', { sessionId }), {
      signal: new AbortController().signal,
    });
    let batches = 0;
    for await (const _ of active.events) {
      batches += 1;
      if (batches === 2) break;
    }
    const run = await rig.under.store.getRun('alice', active.run.id);
    assert.equal(run?.error?.code, 'CLIENT_CLOSED');
    assert.deepEqual(run?.message?.parts, [{ type: 'text', text: 'Half an answer' }]);
    assert.equal(rig.first.calls[0]?.outcome, 'returned');
    assert.ok(await isFree(rig.under.lanes, laneOf('alice', sessionId)));
  });
});

/** Reads so many batches, aborts, and reads on to the end. */
async function readUntil(
  { gateway }: GatewayUnderTest,
  request: ReturnType<typeof ask>,
  abort: AbortController,
  batches: number,
  reason?: unknown,
): Promise<{ events: RunEvent[]; run: Run | undefined }> {
  const active = await gateway.runs.start(alice, request, { signal: abort.signal });
  const events: RunEvent[] = [];
  const reader = active.events[Symbol.asyncIterator]();
  for (let read = 0; ; read += 1) {
    const next = reader.next();
    if (read === batches) abort.abort(reason);
    const { value, done } = await next;
    if (done) break;
    events.push(...value);
  }
  const last = events.at(-1);
  return { events, run: last?.type === 'run.failed' ? last.run : undefined };
}
