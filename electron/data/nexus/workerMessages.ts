// What the NeXus worker is asked, and what it answers.
import type { ErrorData } from '@shared/errors';

export interface NexusRequest { readonly id: number; readonly journal: string; readonly target: string; readonly version: string }
export interface NexusAnswer { readonly id: number; readonly error: ErrorData | null }
