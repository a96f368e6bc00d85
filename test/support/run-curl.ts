/**
 * Does what a `curl` command in a document says, without a shell and without curl, so that it is the same everywhere. It
 * knows the options that our documents use and refuses others.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type Answer, observeAnswer } from './observe-answer.ts';

/** Runs the command and hands its answer to the observer. `$NAME` comes from `environment`. */
export async function runCurl(command: string, environment: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { url, method, headers, body } = readCurl(splitWords(command, environment));
  const asked = request(url, {
    method,
    headers: { Accept: '*/*', 'User-Agent': 'curl/8.0.0', ...headers },
    agent: false,
  });
  asked.end(body);
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (!response) throw new Error('no answer');
  response.setEncoding('utf8');
  const text = (await response.toArray()).join('');
  const { pathname, search } = new URL(url);
  const answer = {
    method,
    target: pathname + search,
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
  };
  observeAnswer(answer);
  return answer;
}

interface Curl {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

function readCurl([program, ...words]: readonly string[]): Curl {
  if (program !== 'curl') throw new Error(`${program} is not curl`);
  const curl: Curl = { url: '', method: '', headers: {}, body: undefined };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = () => words[++at] ?? '';
    if (word === '-X') curl.method = value();
    else if (word === '-d') curl.body = value();
    else if (word === '-H') {
      const [name = '', ...rest] = value().split(': ');
      curl.headers[name] = rest.join(': ');
    } else if (/^-[sNi]+$/.test(word)) continue;
    else if (word.startsWith('-')) throw new Error(`curl ${word} is not known here`);
    else curl.url = word;
  }
  if (curl.body !== undefined && !curl.headers['Content-Type']) {
    curl.headers['Content-Type'] = 'application/x-www-form-urlencoded';
  }
  return { ...curl, method: curl.method || (curl.body === undefined ? 'GET' : 'POST') };
}

/** As a shell does: quotes, backslashes, and variables outside single quotes. */
export function splitWords(line: string, environment: Readonly<Record<string, string>>): string[] {
  const words: string[] = [];
  const pieces = /\\\n|\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"|\$(\w+)|(\s+)|([^\s\\'"$]+)/gsu;
  let word: string | undefined;
  let end = 0;
  const lookUp = (name: string) => environment[name] ?? fail(`$${name} is not set`);
  for (const match of line.matchAll(pieces)) {
    const [whole, escaped, single, double, variable, space, plain] = match;
    if (match.index !== end) fail(`not understood: ${line.slice(end)}`);
    end = match.index + whole.length;
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (whole !== '\\\n') {
      const inside = double?.replace(/\\(["\\$`])|\$(\w+)/g, (_, mark, name) => mark ?? lookUp(name));
      word = (word ?? '') + (escaped ?? single ?? inside ?? plain ?? lookUp(variable ?? ''));
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function fail(message: string): never {
  throw new Error(message);
}
