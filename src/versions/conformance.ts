/**
 * Holds what goes out against the contract that it claims to keep: the closed copies of the schemas, so that a member
 * too many is a violation as well. `strict` turns a violation into a failure, for tests; the other modes only tell.
 */
import type { OperationId } from '../../generated/operations.ts';
import type { AnswerValidators, Validate, ValidateError } from '../../generated/validators/validate.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Shape } from './contract.ts';
import type { Version } from './version.ts';

export type ConformanceMode = 'off' | 'sample' | 'report' | 'strict';

export interface Conformance {
  answer(shape: Shape, operation: OperationId, status: number, contentType: string, body: unknown): void;
  event(version: Version, data: object): void;
  frame(version: Version, frame: object): void;
  report(): ConformanceReport;
}

export interface ConformanceReport {
  mode: ConformanceMode;
  checked: number;
  violations: Violation[];
}

interface Violation {
  version: string;
  subject: string;
  count: number;
  last: string;
}

interface AnswersModule {
  answers: Readonly<Record<string, AnswerValidators>>;
  serverFrames: Readonly<Record<string, Validate>>;
  events: Readonly<Record<string, Validate>>;
}

/** Of the answers in `sample` mode, one in so many is checked. */
const sampleEvery = 100;
const mostViolations = 1000;

export class ConformanceError extends Error {
  override name = 'ConformanceError';
}

export async function createConformance(
  shapes: readonly Shape[],
  mode: ConformanceMode,
  log: Log,
  metrics: Pick<Metrics, 'conformanceViolation'>,
): Promise<Conformance> {
  const modules = new Map<string, AnswersModule>();
  if (mode !== 'off') {
    for (const { date } of shapes) {
      const module: AnswersModule = await import(`../../generated/validators/${date}.answers.js`);
      modules.set(date, module);
    }
  }
  const violations = new Map<string, Violation>();
  let seen = 0;
  let checked = 0;

  function due(): boolean {
    if (mode === 'off') return false;
    seen += 1;
    return mode !== 'sample' || seen % sampleEvery === 1;
  }

  function check(shape: Shape, subject: string, validate: Validate | null | undefined, data: unknown): void {
    checked += 1;
    if (validate === null || validate?.(data)) return;
    const last = validate ? describe(validate.errors ?? []) : 'the contract does not have it';
    const version = shape.date;
    const key = `${version} ${subject}`;
    const violation = violations.get(key) ?? { version, subject, count: 0, last };
    const isHeld = violations.has(key) || violations.size < mostViolations;
    if (isHeld) violations.set(key, { ...violation, count: violation.count + 1, last });
    metrics.conformanceViolation({ version, subject });
    log.error({ version, subject, fault: last }, 'what went out does not keep to the contract');
    if (mode === 'strict') throw new ConformanceError(`${key}: ${last}`);
  }

  return {
    answer(shape, operation, status, contentType, body) {
      if (!due()) return;
      const types = modules.get(shape.date)?.answers[operation]?.[String(status)];
      check(shape, `${operation} ${status}`, types?.[contentType], body);
    },
    event(version, data) {
      if (!due()) return;
      check(version, `event ${typeOf(data)}`, modules.get(version.date)?.events[typeOf(data)], data);
    },
    frame(version, frame) {
      if (!due()) return;
      check(version, `frame ${typeOf(frame)}`, modules.get(version.date)?.serverFrames[typeOf(frame)], frame);
    },
    report: () => ({ mode, checked, violations: [...violations.values()] }),
  };
}

function typeOf(data: object): string {
  return 'type' in data && typeof data.type === 'string' ? data.type : 'without a type';
}

/** Places and rules, never a value. */
function describe(errors: readonly ValidateError[]): string {
  const [first] = errors;
  return first ? `${first.instancePath} ${first.message ?? first.keyword}`.trim().slice(0, 500) : 'does not fit';
}
