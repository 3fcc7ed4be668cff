import { DrayError, errorCodes } from 'dray-client';

/** Names of errors (PROTOCOL.md §1) that may not come again: of the hub itself, not of what it was asked. */
const passing: ReadonlySet<string> = new Set(['internal', 'storeFailed', 'rateLimited', 'busy']);
const passingCodes: ReadonlySet<number> = new Set([errorCodes.internal, errorCodes.rateLimited]);

/** Dray said no, and would say it again. The number alone does not tell: many kinds share that of an internal error. */
export function isFinalNo(error: unknown): error is DrayError {
  if (!(error instanceof DrayError) || error.kind !== 'refused') return false;
  return error.type === '' ? !passingCodes.has(error.code) : !passing.has(error.type);
}
