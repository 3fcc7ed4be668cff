import type { ErrorBody } from './protocol.js';

/** `offline`: never sent, or the answer was lost; `timeout`: no answer; `refused`: the hub said no. */
export type DrayErrorKind = 'offline' | 'timeout' | 'refused';

export class DrayError extends Error {
  override readonly name = 'DrayError';

  constructor(
    readonly kind: DrayErrorKind,
    message: string,
    /** JSON-RPC code, 0 when the hub did not answer. */
    readonly code = 0,
    /** ErrorCode name (`noSpace`, `invalidUrl`, …), empty when there is none. */
    readonly type = '',
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }

  static fromBody(body: ErrorBody): DrayError {
    return new DrayError('refused', body.message, body.code, body.data?.type ?? '', body.data?.retryAfterMs);
  }
}
