// `ca://NAME`, `pva://NAME`, or NAME alone for the client's own protocol. Pure.
import { ValueError } from '../ca/errors';
import type { Protocol } from '../diagnostics';

/** Errors: `BAD_OPTION` for a protocol that there is not. */
export function parsePvName(text: string, defaultProtocol: Protocol): { readonly protocol: Protocol; readonly name: string } {
  const match = /^([a-z]+):\/\/(.*)$/is.exec(text.trim());
  if (!match) return { protocol: defaultProtocol, name: text.trim() };
  const [, scheme = '', name = ''] = match;
  const protocol = scheme.toLowerCase();
  if (protocol !== 'ca' && protocol !== 'pva') throw new ValueError('BAD_OPTION', `"${text}" names the protocol "${scheme}": write ca://NAME, pva://NAME or NAME.`, text);
  return { protocol, name };
}
