/** The validators of what the gateway says, made from closed copies: for conformance checks and tests only. */
import type { ApiDocument } from './bundle.ts';
import { closeComponents, closeSchema } from './close-schema.ts';
import { type CompiledSet, compileSet, writeModule } from './compile-validators.ts';
import type { Answer, Schema } from './documents.ts';
import { mapValues } from './map-schema.ts';
import { type Direction, listMessages } from './message-list.ts';
import { listOperations } from './operation-list.ts';
import { header } from './print.ts';
import { isJson, schemasOf } from './request-validators.ts';

export function answerValidators(document: ApiDocument): Record<string, string> {
  const schemas = schemasOf(document);
  const close = (schema: Schema) => closeSchema(schema, schemas);
  const operations = listOperations(document).map(({ id, answers }) => ({
    id,
    answers: mapValues(answers, (answer) => closedSchemas(answer, close)),
  }));
  const messages = listMessages(document).map((message) => ({ ...message, payload: close(message.payload) }));
  const wanted = [
    ...operations.flatMap(({ answers }) => Object.values(answers).flatMap((byType) => Object.values(byType))),
    ...messages.filter(({ direction }) => direction !== 'client').map(({ payload }) => payload),
  ].filter((schema) => schema !== null);
  const set = compileSet({
    name: 'validators',
    schemas: closeComponents(schemas),
    wanted,
    ajv: { allErrors: true, strictTypes: false },
  });
  const framesOf = (wantedDirection: Direction) => {
    const found = messages.filter(({ direction }) => direction === wantedDirection);
    return Object.fromEntries(found.map(({ type, payload }) => [type, set.reference(payload)]));
  };
  const name = `validators/${document.name}.answers`;
  return {
    [`${name}.js`]: writeModule([set], {
      answers: Object.fromEntries(operations.map(({ id, answers }) => [id, mapValues(answers, references(set))])),
      serverFrames: framesOf('server'),
      events: framesOf('event'),
    }),
    [`${name}.d.ts`]: `${header}import type { AnswerValidators, Validate } from './validate.ts';

export const answers: Readonly<Record<string, AnswerValidators>>;
/** By the frame's \`type\`. */
export const serverFrames: Readonly<Record<string, Validate>>;
/** By the \`type\` that an event's data carries. */
export const events: Readonly<Record<string, Validate>>;
`,
  };
}

function closedSchemas(answer: Answer, close: (schema: Schema) => Schema): Record<string, Schema | null> {
  const entries = Object.entries(answer.content ?? {}).map(([type, { schema }]) => {
    return [type, schema !== undefined && isJson(type) ? close(schema) : null] as const;
  });
  return Object.fromEntries(entries);
}

function references(set: CompiledSet) {
  return (byType: Record<string, Schema | null>) =>
    mapValues(byType, (schema) => (schema === null ? 'null' : set.reference(schema)));
}
