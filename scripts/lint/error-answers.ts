/**
 * A client is told of every way an operation can fail, with the shape of the answer: what follows from its inputs, from
 * its key and from its limits can be read off the operation, and a crash can happen anywhere. `default` would promise a
 * shape for statuses that nobody has thought about, and hide that the others are missing.
 */
import type { OpenApi, Operation, Parameter, PathItem } from '../generate/documents.ts';
import { type Rule, reporter, trackOutbound } from './rule.ts';

export const errorAnswers: Rule = () => {
  let secured = false;
  let shared: Parameter[] = [];
  const outbound = trackOutbound();
  return {
    WebhooksMap: outbound.visitor,
    Root(document: OpenApi) {
      secured = (document.security ?? []).length > 0;
    },
    PathItem(item: PathItem) {
      shared = item.parameters ?? [];
    },
    Operation(operation: Operation, context) {
      if (outbound.isInside()) return;
      const report = reporter(context);
      const statuses = Object.keys(operation.responses ?? {});
      const wanted = wantedStatuses(operation, shared, operation.security ? operation.security.length > 0 : secured);
      for (const [status, reason] of wanted) {
        if (!statuses.includes(status)) report(`The answer ${status} is missing: ${reason}.`, 'responses');
      }
      if (statuses.includes('default')) report('Answers are listed by status, not as default.', 'responses', 'default');
    },
  };
};

type Wanted = [status: string, reason: string];

function wantedStatuses(operation: Operation, shared: Parameter[], secured: boolean): Wanted[] {
  // What is open to everybody is made of files and flags of our own, and nothing in it can break.
  const wanted: Wanted[] = secured ? [['500', 'anything can break']] : [];
  // A signed webhook that does not fit is acknowledged all the same, and one that is late is asked for again.
  if (operation['x-raw-body']) {
    return ['401', '404', '413', '415', '500', '503'].map((status) => [status, 'a platform has to know']);
  }
  const hasBody = operation.requestBody !== undefined;
  if (hasBody || (operation.parameters ?? []).length > 0 || shared.length > 0) {
    wanted.push(['400', 'there is input that may not fit']);
  }
  if (secured) wanted.push(['401', 'there may be no key']);
  if (secured && (operation['x-scopes'] ?? []).length > 0) wanted.push(['403', 'the key may lack a scope']);
  if ((operation['x-rate-limit'] ?? 0) > 0) wanted.push(['429', 'it costs of a limit']);
  if (hasBody) {
    wanted.push(
      ['408', 'the body may never arrive'],
      ['413', 'the body may be too large'],
      ['415', 'the body may be of another type'],
    );
  }
  return wanted;
}
