import assert from 'node:assert/strict';
import { hasScopes, type Scope } from '../../src/core/principal.ts';
import { alice } from '../support/make-gateway.ts';

describe('scopes', () => {
  const cases: [has: Scope[], needed: Scope[], enough: boolean][] = [
    [[], [], true],
    [[], ['chat'], false],
    [['chat'], ['chat'], true],
    [['chat'], ['chat', 'sessions'], false],
    [['chat', 'sessions'], ['sessions', 'chat'], true],
    [['chat'], ['admin'], false],
    [['admin'], ['chat', 'sessions', 'keys'], true],
    [['admin'], ['admin'], true],
  ];
  for (const [scopes, needed, enough] of cases) {
    it(`${scopes.join('+') || 'none'} ${enough ? 'cover' : 'do not cover'} ${needed.join('+') || 'nothing'}`, () => {
      assert.equal(hasScopes({ ...alice, scopes }, needed), enough);
    });
  }
});
