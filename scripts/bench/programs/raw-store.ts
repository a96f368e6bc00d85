/** The same with the two rows of a turn stored before the answer goes out, in one transaction a turn of the event loop. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createJsonProxy, type Turn } from './json-proxy.ts';
import { listen, readOptions } from './listen.ts';

const { upstream, home } = readOptions();
const db = new DatabaseSync(join(home, 'floor.sqlite'));
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE messages (id INTEGER PRIMARY KEY, session TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX messages_by_session ON messages (session, id);
`);
const insert = db.prepare('INSERT INTO messages (session, role, body) VALUES (?, ?, ?)');
const begin = db.prepare('BEGIN');
const commit = db.prepare('COMMIT');

let queue: { turn: Turn; kept: () => void }[] = [];
let sessions = 0;

function commitGroup(): void {
  const group = queue;
  queue = [];
  begin.run();
  for (const { turn } of group) {
    sessions += 1;
    insert.run(`s-${sessions}`, 'user', turn.question);
    insert.run(`s-${sessions}`, 'assistant', turn.answer);
  }
  commit.run();
  for (const { kept } of group) kept();
}

listen(
  createJsonProxy(upstream, (turn, kept) => {
    if (queue.push({ turn, kept }) === 1) setImmediate(commitGroup);
  }),
);
