import type { AiSdkProviderConfig, Config } from '../../config/index.ts';
import { lookAtPackage } from '../../server.ts';
import type { Finding } from './finding.ts';

const what = 'providers';

/** A package is loaded and set up as a start would do it, and asked nothing. */
export async function checkPackage(config: Config, provider: AiSdkProviderConfig): Promise<Finding> {
  const { name } = provider;
  try {
    const seen = await lookAtPackage(config, provider);
    return 'install' in seen
      ? {
          what,
          state: 'attention',
          found: `${name} is not used: the package ${provider.package} is not installed`,
          fix: seen.install,
        }
      : {
          what,
          state: 'ok',
          found: `${name} uses the package ${provider.package}, version ${seen.specification} of the AI SDK's interface`,
        };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { what, state: 'broken', found, fix: 'The gateway does not start before this is mended.' };
  }
}
