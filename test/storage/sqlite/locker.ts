import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Holds the database's lock, and lets it go a tenth of a second after it was asked to. */
const [file = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.exec('BEGIN IMMEDIATE');
writeSync(1, 'held\n');
process.stdin.once('data', () => setTimeout(() => db.close(), 100));
