import assert from 'node:assert/strict';
import { comparing } from './compare.ts';
import type { Received } from './exchange.ts';
import { createNames } from './names.ts';
import type { ReceivedStep } from './play-transcript.ts';
import { parseTranscript, printTranscript } from './transcript.ts';

const chat = ['POST /api/v1/chat'];
const step = (...lines: string[]): ReceivedStep => ({ kind: 'received', exchange: '', lines, line: 1 });
const json: Received['headers'] = [['Content-Type', 'application/json']];
const sse: Received['headers'] = [['Content-Type', 'text/event-stream']];
const hear = (expected: string[], received: Received, sent: readonly string[] = chat) =>
  comparing.answer(step(...expected), received, createNames(), sent);
const differs = (compare: () => void) => assert.throws(compare, assert.AssertionError);

describe('what is compared with a transcript', () => {
  const expected = ['400', 'Content-Type: application/json', ''];
  const failure = (more: object = {}, around: object = {}) =>
    JSON.stringify({ success: false, error: { code: 'INVALID_REQUEST', message: 'no', ...more }, ...around });
  const answer = (text: string): Received => ({ status: 400, headers: json, text });

  it('is every byte', () => {
    hear([...expected, failure()], answer(failure()));
    differs(() => hear([...expected, failure()], answer(failure().replace('no', 'No'))));
    differs(() => hear([...expected, failure()], answer(failure().replace(',', ', '))));
    differs(() => hear([...expected, failure()], { ...answer(failure()), status: 401 }));
    differs(() => hear([...expected, failure()], { ...answer(failure()), headers: [] }));
    differs(() =>
      hear([...expected, failure()], { ...answer(failure()), headers: [['content-type', 'application/json']] }),
    );
  });

  it('is not a member that the contract marks as added, wherever it comes', () => {
    hear([...expected, failure()], answer(failure({ details: [{ pointer: '/message', message: 'no' }] })));
    const usage = (more: object) => JSON.stringify({ data: { usage: { totalTokens: 1, ...more } } });
    hear(['200', ...expected.slice(1), usage({})], { ...answer(usage({ estimated: true })), status: 200 });
  });

  it('is a member that is new without a mark', () => {
    differs(() => hear([...expected, failure()], answer(failure({ hint: 'try again' }))));
    differs(() => hear([...expected, failure()], answer(failure({}, { requestId: 'req_1' }))));
    // Marked, but somewhere else.
    differs(() => hear([...expected, failure()], answer(failure({}, { details: [] }))));
  });

  it('is a marked member that the transcript has', () => {
    differs(() => hear([...expected, failure({ details: [] })], answer(failure())));
  });

  it('is a header that is new without a mark, and one that is gone', () => {
    const extra: Received['headers'] = [...json, ['X-Mood', 'good']];
    differs(() => hear([...expected, failure()], { ...answer(failure()), headers: extra }));
    differs(() => hear(['400', 'X-Mood: good', ...expected.slice(1), failure()], answer(failure())));
  });

  it('has shapes where there is no operation too', () => {
    hear([...expected, failure()], answer(failure({ supported: [] })), ['GET /nothing']);
    differs(() => hear([...expected, failure()], answer(failure({ hint: '' })), ['GET /nothing']));
  });

  const events = (...data: object[]) => data.map((one) => `event: message\ndata: ${JSON.stringify(one)}\n\n`).join('');
  const stream = (text: string): Received => ({ status: 200, headers: sse, text });
  const done = { type: 'done', usage: { totalTokens: 1 } };
  it('is a stream event by event: members may be added, events may not', () => {
    const wanted = [
      '200',
      'Content-Type: text/event-stream',
      '',
      ...events({ type: 'chunk', content: 'a' }, done).split('\n'),
    ];
    const played =
      (...data: object[]) =>
      () =>
        hear(wanted, stream(events(...data)));
    const chunk = { type: 'chunk', content: 'a' };
    played(chunk, { ...done, sessionId: 's', model: 'm' })();
    differs(played(chunk, { ...done, mood: 'good' }));
    differs(played({ ...chunk, sessionId: 's' }, done));
    differs(played(chunk, chunk, done));
    differs(played(chunk));
  });

  it('is a frame by its type', () => {
    const frames = (wanted: object, ...came: object[]) =>
      comparing.frames(
        step(JSON.stringify(wanted)),
        came.map((one) => JSON.stringify(one)),
        createNames(),
      );
    const ok = { type: 'auth_ok', user: 'ann' };
    frames(ok, { ...ok, version: '2026-03-01', deprecation: { deprecatedAt: '2026-11-01T00:00:00Z' } });
    differs(() => frames(ok, { ...ok, scopes: [] }));
    differs(() => frames({ type: 'pong' }, { type: 'pong', version: '2026-03-01' }));
    differs(() => frames(ok, ok, ok));
  });

  it('is an id by its form, and by being the same one again', () => {
    const [run, other] = ['run_01k000000000000000000000aa', 'run_01k000000000000000000000bb'];
    const wanted = ['200', '', '{{run 1}}.1', '{{run 1}}.2', '{{run 2}}.1'];
    const played = (text: string) => () => hear(wanted, { status: 200, headers: [], text }, ['GET /x']);
    played(`${run}.1\n${run}.2\n${other}.1`)();
    differs(played(`${run}.1\n${other}.2\n${other}.1`));
    differs(played(`${run}.1\n${run}.2\nrun_1.1`));
  });

  it('is only the status where no more is shown', () => {
    hear(['201 …'], { status: 201, headers: json, text: '{}' });
    differs(() => hear(['201 …'], { status: 200, headers: json, text: '{}' }));
  });
});

describe('a transcript', () => {
  it('is printed as it was read', () => {
    const text =
      '# Title\n#\n# more\n\n> POST /x\n> A: b\n>\n> {\n>   1\n\n< 200\n<\n<\n@ 5 s later\nws> {"a":1}\nws> close\nother< x\n\n';
    const { steps } = parseTranscript('t', text);
    assert.equal(printTranscript({ name: 't', steps }), text);
    assert.deepEqual(
      steps.flatMap((one) =>
        one.kind === 'sent' || one.kind === 'received' ? [[one.exchange, one.line, one.lines]] : [],
      ),
      [
        ['', 5, ['POST /x', 'A: b', '', '{', '  1']],
        ['', 11, ['200', '', '']],
        ['ws', 15, ['{"a":1}', 'close']],
        ['other', 17, ['x']],
      ],
    );
  });

  it('has no line of another kind', () => {
    assert.throws(() => parseTranscript('t', '# Title\n\nGET /x\n'), /^Error: t:3: neither prose/);
  });
});
