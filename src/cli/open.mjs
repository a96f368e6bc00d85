// Everything from here on is read faster from its second time on.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/gateway', import.meta.url)));
await import('./main.ts');
