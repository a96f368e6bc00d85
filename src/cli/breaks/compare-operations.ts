import type { Break } from './break.ts';
import {
  type Answer,
  type Components,
  type ContractDocument,
  type Operation,
  type Parameter,
  resolveAnswer,
  resolveParameter,
} from './contract-document.ts';
import { findDeprecated } from './find-deprecated.ts';
import { findMisfits } from './find-misfits.ts';
import type { Misfit } from './misfit.ts';

interface Listed {
  place: string;
  operation: Operation;
  isOpen: boolean;
  components: Components;
}

/** Operations are the same when their ids are, so that documents of two versions can be compared too. */
export function compareOperations(old: ContractDocument, revised: ContractDocument): Break[] {
  const now = new Map(listOperations(revised).map((listed) => [listed.operation.operationId, listed]));
  return listOperations(old).flatMap((before): Break[] => {
    const after = now.get(before.operation.operationId);
    const { place } = before;
    const about = { operation: before.operation.operationId, place };
    if (!after) return [{ ...about, side: 'access', pointer: '', message: 'is gone' }];
    const access = compareAccess(before, after).map(
      (message): Break => ({ ...about, side: 'access', pointer: '', message }),
    );
    const request = compareRequests(before, after).map((misfit): Break => ({ ...about, side: 'request', ...misfit }));
    const answer = compareAnswers(before, after).map((misfit): Break => ({ ...about, side: 'answer', ...misfit }));
    return [...access, ...request, ...answer];
  });
}

function listOperations({ paths = {}, components = {}, security = [] }: ContractDocument): Listed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      place: `${method.toUpperCase()} ${path}`,
      operation,
      isOpen: (operation.security ?? security).length === 0,
      components,
    })),
  );
}

function compareAccess(before: Listed, after: Listed): string[] {
  const scopes = after.operation['x-scopes']?.filter((scope) => !before.operation['x-scopes']?.includes(scope)) ?? [];
  const [limit = 0, lower = 0] = [before.operation['x-body-limit'], after.operation['x-body-limit']];
  return [
    ...(withoutFamily(before.place) === withoutFamily(after.place) ? [] : [`is now ${after.place}`]),
    ...(before.isOpen && !after.isOpen ? ['needs a key now'] : []),
    ...(scopes.length > 0 ? [`needs the scope ${scopes.join(' and ')} now`] : []),
    ...(lower < limit ? [`takes ${lower} bytes now and took ${limit}`] : []),
  ];
}

/** The version in a path is no move. */
function withoutFamily(place: string): string {
  return place.replace(/ \/api\/v\d+\//, ' /api/');
}

function compareRequests(before: Listed, after: Listed): (Misfit & Pick<Break, 'member'>)[] {
  const comparison = { side: 'request', given: before.components, taken: after.components } as const;
  const [from, to] = [before.operation.requestBody, after.operation.requestBody];
  const bodies = Object.entries(from?.content ?? {}).flatMap(([type, { schema }]) => {
    const media = to?.content[type];
    if (!media) return [{ pointer: '', message: `is no longer taken as ${type}` }];
    return findMisfits(comparison, schema, media.schema, '').map((misfit) => {
      const member = findDeprecated(schema, misfit.pointer, before.components);
      return member === undefined ? misfit : { ...misfit, member };
    });
  });
  const needed = to?.required && !from?.required ? [{ pointer: '', message: 'must have a body now' }] : [];
  return [...compareParameters(before, after), ...needed, ...bodies];
}

function compareParameters(before: Listed, after: Listed): Misfit[] {
  const comparison = { side: 'request', given: before.components, taken: after.components } as const;
  const [from, to] = [parametersOf(before), parametersOf(after)];
  const kept = [...from].flatMap(([pointer, { schema, required }]) => {
    const parameter = to.get(pointer);
    if (!parameter) return [{ pointer, message: 'is no longer taken' }];
    const needed = parameter.required && !required ? [{ pointer, message: 'must be there now' }] : [];
    return [...needed, ...findMisfits(comparison, schema, parameter.schema, pointer)];
  });
  const added = [...to].filter(([pointer, { required }]) => required && !from.has(pointer));
  return [...kept, ...added.map(([pointer]) => ({ pointer, message: 'must be there now' }))];
}

function parametersOf({ operation, components }: Listed): Map<string, Parameter> {
  const all = (operation.parameters ?? []).flatMap((one) => resolveParameter(one, components) ?? []);
  return new Map(all.map((parameter) => [`/${parameter.in}/${parameter.name}`, parameter]));
}

function compareAnswers(before: Listed, after: Listed): Misfit[] {
  return Object.entries(before.operation.responses).flatMap(([status, answer]) => {
    const now = after.operation.responses[status];
    const isSuccess = status.startsWith('2');
    // Which failures there are may change; one that there is keeps its shape.
    if (!now) return isSuccess ? [{ pointer: '', message: `is no longer ${status}` }] : [];
    return compareAnswer(before, resolveAnswer(answer, before.components), after, resolveAnswer(now, after.components));
  });
}

function compareAnswer(before: Listed, answer: Answer, after: Listed, now: Answer): Misfit[] {
  const comparison = { side: 'answer', given: after.components, taken: before.components } as const;
  const headers = Object.keys(answer.headers ?? {}).filter((name) => !Object.hasOwn(now.headers ?? {}, name));
  const contents = Object.entries(answer.content ?? {}).flatMap(([type, { schema }]) => {
    const media = now.content?.[type];
    if (!media) return [{ pointer: '', message: `is no longer ${type}` }];
    return findMisfits(comparison, media.schema, schema, '');
  });
  return [...headers.map((name) => ({ pointer: `/headers/${name}`, message: 'is gone' })), ...contents];
}
