/** Types of everything that crosses the wire, from both documents of a version. */
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import type { ApiDocument } from './bundle.ts';
import type { Schema } from './documents.ts';
import { directions, type ListedMessage, listMessages } from './message-list.ts';
import { header, printName } from './print.ts';
import { schemasOf } from './request-validators.ts';

const options = {
  alphabetize: true,
  defaultNonNullable: false,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
} as const;

export async function types(document: ApiDocument): Promise<string> {
  const schemas = schemasOf(document);
  const { openapi } = document;
  const merged = { ...openapi, components: { ...openapi.components, schemas } };
  return `${header}\n${await typesOf(merged)}${framesOf(document)}`;
}

/** `types/config.ts`: the config file as it is written, before anything is filled in. */
export async function configTypes(config: Schema): Promise<string> {
  const document = {
    openapi: '3.1.1',
    info: { title: 'Config', version: '1' },
    paths: {},
    components: { schemas: { Config: config } },
  };
  const text = await typesOf(document);
  const components = text.slice(text.indexOf('export interface components'));
  return `${header}\n${components.slice(0, components.indexOf('export type $defs'))}`;
}

/** Through JSON, because the document is read only by its own names and the generator changes what it is given. */
async function typesOf(document: unknown): Promise<string> {
  const copy: OpenAPI3 = JSON.parse(JSON.stringify(document));
  return astToString(await openapiTS(copy, options)).replaceAll('    ', '  ');
}

/** What travels over the WebSocket, and as events, by the `type` it carries. */
function framesOf(document: ApiDocument): string {
  const messages = listMessages(document);
  if (messages.length === 0) return '';
  const sections = directions.map((direction) => {
    const members = messages.filter((message) => message.direction === direction).map(memberOf);
    return `  ${direction}: {\n${members.join('')}  };\n`;
  });
  return `/** By who sends them, then by \`type\`. */\nexport interface frames {\n${sections.join('')}}\n`;
}

function memberOf({ type, payload }: ListedMessage): string {
  if (typeof payload === 'boolean' || !payload.$ref)
    throw new Error(`The payload of ${type} is in no file of its own.`);
  const name = payload.$ref.split('/').at(-1);
  return `    ${printName(type)}: components['schemas']['${name}'];\n`;
}
