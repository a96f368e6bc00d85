import { totalmem } from 'node:os';

/** Bytes that this process holds, and bytes that it may hold: the container's limit, else the machine's memory. */
export function readMemory(): { used: number; total: number } {
  const limit = process.constrainedMemory();
  const machine = totalmem();
  return { used: process.memoryUsage.rss(), total: limit > 0 ? Math.min(limit, machine) : machine };
}

/** `134217728` → `128MB`, as the contract writes memory. */
export function formatMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)}MB`;
}
