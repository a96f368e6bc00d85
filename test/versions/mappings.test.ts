import assert from 'node:assert/strict';
import fc, { type Arbitrary } from 'fast-check';
import { type ApiVersion, type OperationId, operations } from '../../generated/operations.ts';
import type { Validate } from '../../generated/validators/validate.ts';
import type { StreamEvent } from '../../src/handlers/to-event.ts';
import type { ContractMessage } from '../../src/handlers/to-message.ts';
import { versions } from '../../src/versions/index.ts';
import type { TerminalEvent } from '../../src/versions/version.ts';
import {
  arbitraryAnswer,
  arbitraryBody,
  arbitraryClientFrame,
  arbitraryEvent,
  arbitraryProblem,
  heard,
} from '../support/arbitrary-of-contract.ts';
import { said } from '../support/contract.ts';

const newest: ApiVersion = '2026-11-01';
const now = Date.UTC(2026, 10, 22);
const runs = { numRuns: 60 };
const address = { sessionId: 's1', eventId: 'run_01abc.2', id: 'm-1' };

const problems = arbitraryProblem();
const messages: Arbitrary<ContractMessage> = arbitraryEvent<Extract<TerminalEvent, { type: 'run.completed' }>>(
  newest,
  'RunCompletedEvent',
).map(({ run }) => run.message ?? { id: 'msg_1', role: 'user', parts: [], createdAt: '2026-11-22T00:00:00Z' });
const terminals: Arbitrary<TerminalEvent> = fc.oneof(
  arbitraryEvent<TerminalEvent>(newest, 'RunCompletedEvent'),
  arbitraryEvent<TerminalEvent>(newest, 'RunFailedEvent'),
);
const events: Arbitrary<StreamEvent> = fc.oneof(
  terminals,
  arbitraryEvent<StreamEvent>(newest, 'RunStartedEvent'),
  arbitraryEvent<StreamEvent>(newest, 'MessageDeltaEvent'),
  arbitraryEvent<StreamEvent>(newest, 'ToolCallDeltaEvent'),
);

for (const version of versions) {
  const { answers, events: eventValidators, serverFrames } = said[version.date];

  describe(`what ${version.date} makes of the newest keeps to its own contract:`, () => {
    for (const [id, { answers: statuses }] of Object.entries(operations[version.date])) {
      // The table's own key.
      const operation = id as OperationId;
      for (const [status, [type]] of Object.entries(statuses)) {
        const answer = status.startsWith('2') ? arbitraryAnswer(newest, operation, status) : undefined;
        if (!answer || type !== 'application/json') continue;
        it(`${operation} ${status}`, () => {
          fc.assert(
            fc.property(answer, (body) => {
              assertFits(answers[operation]?.[status]?.[type], version.answer(operation, body, now));
            }),
            runs,
          );
        });
      }
    }

    it('failures of every operation', () => {
      fc.assert(
        fc.property(problems, (problem) => {
          const body = version.problem(problem);
          for (const [id, statuses] of Object.entries(answers)) {
            for (const [status, types] of Object.entries(statuses)) {
              const isFailure = Number(status) >= 400 && version.problemType in types && id !== 'getReadiness';
              if (isFailure) assertFits(types[version.problemType], body);
            }
          }
        }),
        { numRuns: 20 },
      );
    });

    it('events', () => {
      fc.assert(
        fc.property(events, (event) => {
          for (const { data } of version.events(event)) assertFits(eventValidators[typeOf(data)], data);
        }),
        { numRuns: 300 },
      );
    });

    it('frames of a run', () => {
      fc.assert(
        fc.property(events, (event) => {
          for (const frame of version.frames.event(event))
            assertFits(serverFrames[typeOf(frame)], { ...frame, ...address });
        }),
        { numRuns: 300 },
      );
    });

    it('frames of a run that was not to be streamed', () => {
      fc.assert(
        fc.property(terminals, (event) => {
          for (const frame of version.frames.whole(event))
            assertFits(serverFrames[typeOf(frame)], { ...frame, ...address });
        }),
        runs,
      );
    });

    it('frames of messages and failures', () => {
      fc.assert(
        fc.property(messages, problems, (message, problem) => {
          const { message: saidFrame = assert.fail(), error = assert.fail() } = serverFrames;
          assertFits(saidFrame, version.frames.said('s1', message));
          assertFits(error, { ...version.frames.error(problem), sessionId: 's1', id: 'm-1' });
        }),
        runs,
      );
    });
  });

  describe(`what ${version.date} lets a client ask fits the newest contract:`, () => {
    for (const id of Object.keys(operations[version.date])) {
      // The table's own key.
      const operation = id as OperationId;
      const body = arbitraryBody(version.date, operation);
      if (!body) continue;
      it(operation, () => {
        fc.assert(
          fc.property(body, (asked) => {
            assertFits(heard[newest].requests[operation]?.body, version.request(operation, asked));
          }),
          runs,
        );
      });
    }

    it('message frames', () => {
      fc.assert(
        fc.property(arbitraryClientFrame<{ type: string; id?: string }>(version.date, 'MessageInFrame'), (frame) => {
          const { type: _, id: __, ...request } = frame;
          assertFits(heard[newest].requests.createChat?.body, version.frames.request(request));
        }),
        runs,
      );
    });
  });
}

function assertFits(validate: Validate | null | undefined, value: unknown): void {
  assert.ok(validate, 'the contract does not have it');
  assert.ok(validate(value), `${JSON.stringify(validate.errors)} in ${JSON.stringify(value)}`);
}

function typeOf(value: object): string {
  return 'type' in value ? String(value.type) : '';
}
