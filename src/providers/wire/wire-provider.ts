/**
 * The wire room: what every vendor's HTTP wire shares. A vendor's folder says how its wire spells things (a `Dialect` of
 * pure mappings); this room sends, times out, reads, and says what went wrong. It knows no vendor.
 */
import type { Provider } from '../../core/ports/provider.ts';
import type { Dialect } from './dialect.ts';
import { ForwardedAnswer } from './forwarded-answer.ts';
import { ForwardedStream } from './forwarded-stream.ts';
import { dialectsOf } from './forwarding.ts';
import { probe } from './probe.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { openUpstream } from './upstream.ts';
import { WholeAnswer } from './whole-answer.ts';
import type { WireOptions } from './wire-options.ts';

export function createWireProvider(options: WireOptions, dialect: Dialect): Provider {
  const upstream = openUpstream(options, dialect);
  return {
    name: options.name,
    models: options.models,
    configured: !options.requireKey || options.apiKeys.some((key) => key !== ''),
    dialects: dialectsOf(dialect),
    call(call, signal) {
      return call.stream ? new StreamedAnswer(upstream, call, signal) : new WholeAnswer(upstream, call, signal);
    },
    forward(call, signal) {
      return call.stream ? new ForwardedStream(upstream, call, signal) : new ForwardedAnswer(upstream, call, signal);
    },
    probe(signal) {
      return probe(upstream, signal, options.apiKeys.length);
    },
    /** Lets running calls end, so that a provider can be replaced under load; aborting them is their owners' business. */
    async close() {
      await upstream.pool.close();
      upstream.sweep.close();
    },
  };
}
