/** What the work costs on bare node:http. */
import { createJsonProxy } from './json-proxy.ts';
import { listen, readOptions } from './listen.ts';

listen(createJsonProxy(readOptions().upstream, (_turn, kept) => kept()));
