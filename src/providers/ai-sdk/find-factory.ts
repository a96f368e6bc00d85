import type { PackageOptions } from './ai-sdk-options.ts';
import { type Callable, callable } from './callable.ts';
import { UnusablePackage } from './unusable-package.ts';

/** The function of a package that makes a provider from settings: the one that is named, or the only `create…`. */
export function findFactory(options: PackageOptions, exported: Readonly<Record<string, unknown>>): Callable {
  if (options.export !== undefined) {
    const named = Object.hasOwn(exported, options.export) ? callable(exported[options.export]) : undefined;
    if (named) return named;
    throw new UnusablePackage(options, 'export', `exports no function ${options.export}.${namesIn(exported)}`);
  }
  // Some export the same one under an older name too.
  const different = new Set(factoriesIn(exported).map((name) => exported[name]));
  const [only] = different;
  const create = callable(only);
  if (!create)
    throw new UnusablePackage(options, 'package', 'is not a provider of the AI SDK: it exports no function `create…`.');
  if (different.size > 1) throw new UnusablePackage(options, 'export', `has several factories.${namesIn(exported)}`);
  return create;
}

function factoriesIn(exported: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(exported).filter((name) => /^create[A-Z]/.test(name) && typeof exported[name] === 'function');
}

function namesIn(exported: Readonly<Record<string, unknown>>): string {
  const names = factoriesIn(exported);
  return names.length === 0 ? '' : ` Name one of these here: ${names.join(', ')}.`;
}
