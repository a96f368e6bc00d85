import type { components } from '../../../generated/types/openai.ts';

/** The shapes of OpenAI's API that we serve, as the contract has them. */
export type Schemas = components['schemas'];
