import { type OperationId, routes } from '../../generated/operations.ts';

/** Operations outside `/api`, such as `/health`: their answers are the same in every version. */
export const unversionedOperations: ReadonlySet<OperationId> = new Set(
  Object.values(routes.root).flatMap((methods) => Object.values(methods)),
);
