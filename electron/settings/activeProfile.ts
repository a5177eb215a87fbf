// The profile in use: checked, with its paths made absolute.
import type { Profile } from '@shared/profile';

export interface ActiveProfile {
  readonly kind: 'simulation' | 'environment' | 'file';
  /** Absolute path of a file's profile, else null. */
  readonly path: string | null;
  readonly profile: Profile;
}
