// What is wrong with a Zstandard frame, in words.
import { RemoteProtocolError } from '../../ca/protocol/errors';

export const brokenZstd = (what: string): RemoteProtocolError => new RemoteProtocolError(`A Zstandard frame ${what}.`);
