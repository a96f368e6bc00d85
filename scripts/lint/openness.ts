/**
 * What clients send is closed and what they receive is open. A misspelt member of a request is then told instead of
 * ignored; a member that we add to an answer breaks nobody who generated an SDK. So a schema that says
 * `additionalProperties: false` cannot be in both: what goes in and what comes out are two schemas.
 */
import type { MediaType, Message, SchemaObject } from '../generate/documents.ts';
import { type Context, type Report, type Rule, trackOutbound, typesOf, walkSchema } from './rule.ts';

interface WithContent {
  content?: Record<string, MediaType>;
}

type Check = (schema: SchemaObject, report: Report) => void;

export const openness: Rule = () => {
  const outbound = trackOutbound();
  return {
    WebhooksMap: outbound.visitor,
    RequestBody(body: WithContent, context) {
      checkContent(body, context, outbound.isInside() ? open : closed);
    },
    Response(answer: WithContent, context) {
      checkContent(answer, context, outbound.isInside() ? closed : open);
    },
    Message(message: Message, context) {
      const check = message['x-direction'] === 'client' ? closed : open;
      walkSchema(message.payload, context, check, context.location.child(['payload']));
    },
  };
};

function checkContent({ content = {} }: WithContent, context: Context, check: Check): void {
  for (const [type, { schema }] of Object.entries(content)) {
    walkSchema(schema, context, check, context.location.child(['content', type, 'schema']));
  }
}

/** A branch of a union that only narrows its object says no type, and its object is closed around it. */
const closed: Check = (schema, report) => {
  if (typesOf(schema).includes('object') && schema.properties && schema.additionalProperties === undefined) {
    report('A request takes no unknown members: additionalProperties has to be false.');
  }
};

const open: Check = (schema, report) => {
  for (const keyword of ['additionalProperties', 'unevaluatedProperties'] as const) {
    if (schema[keyword] === false) report(`An answer may gain members later: ${keyword} may not be false.`, keyword);
  }
};
