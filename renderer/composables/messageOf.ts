// What to tell the user of a thrown thing: all that crosses the bridge is written for them already.
import { toErrorData, type ErrorData } from '@shared/errors';

export function errorOf(error: unknown): ErrorData { return toErrorData(error); }
export function messageOf(error: unknown): string { return toErrorData(error).message; }
