import type { components } from '../../../generated/types/anthropic.ts';

/** The shapes of Anthropic's API that we serve, as the contract has them. */
export type Schemas = components['schemas'];
