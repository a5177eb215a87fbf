// What is wrong with a JPEG picture, in words.
import { RemoteProtocolError } from '../../ca/protocol/errors';

export const brokenJpeg = (what: string): RemoteProtocolError => new RemoteProtocolError(`A JPEG picture ${what}.`);
export const cutJpeg = (): RemoteProtocolError => brokenJpeg('is cut short');
