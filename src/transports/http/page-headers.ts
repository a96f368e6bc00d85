import { Socket } from 'node:net';
import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from '../node-http.ts';

/**
 * The headers that keep a page from loading or leaking anything, asked of helmet once. Pages are the only answers a
 * browser renders; all others carry `nosniff` alone.
 */
export function createPageHeaders(): readonly string[] {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'", 'data:'],
        'worker-src': ["'self'", 'blob:'],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
      },
    },
    // The gateway itself speaks plain HTTP behind whatever ends TLS, and that is where HSTS belongs.
    strictTransportSecurity: false,
    xContentTypeOptions: false,
  });
  protect(response.req, response, () => {});
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
