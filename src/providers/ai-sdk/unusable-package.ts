import type { PackageOptions } from './ai-sdk-options.ts';

/** A package that is installed and cannot be used. For the operator: stops the start. */
export class UnusablePackage extends Error {
  override readonly name = 'UnusablePackage';

  /** `where` is the setting to look at. */
  constructor(
    { name, package: packageName }: PackageOptions,
    where: 'package' | 'export' | 'api' | 'settings' | 'models',
    why: string,
    options?: ErrorOptions,
  ) {
    super(`gateway.providers.${name}.${where}: the package ${packageName} ${why}`, options);
  }
}
