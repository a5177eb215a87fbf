// Who a peer is, and what is said where TLS fails.
import { expect, it } from 'vitest';
import { handshakeReason, peerOf, untrusted } from './peer';
import type { SeenCertificate } from './peer';

const certificate = (name: string, issuer?: SeenCertificate, to = 'Dec 31 00:00:00 2099 GMT'): SeenCertificate =>
  ({ subject: { CN: name }, issuer: issuer?.subject, valid_from: 'Jan 1 00:00:00 2026 GMT', valid_to: to, fingerprint256: name, issuerCertificate: issuer });
const root: { -readonly [Key in keyof SeenCertificate]: SeenCertificate[Key] } = certificate('EPICS root');
root.issuerCertificate = root;
root.issuer = root.subject;
const between = certificate('Beamline', root);

it('is the name on its certificate, vouched for by the root', () => {
  expect(peerOf(certificate('ioc', between))).toEqual({ name: 'ioc', authority: 'EPICS root' });
  expect(peerOf({ ...certificate('a', root), subject: { CN: ['first', 'second'] } })).toMatchObject({ name: 'first' });
  expect(peerOf({ ...certificate('a', root), subject: {} })).toMatchObject({ name: null });
  for (const nothing of [null, {}]) expect(peerOf(nothing)).toBe(null);
});

it('an untrusted certificate is named, with what to do', () => {
  const seen = certificate('ioc', root);
  expect(untrusted('SELF_SIGNED_CERT_IN_CHAIN', seen, 'its', '/k.p12'))
    .toBe('its certificate "ioc" comes from the authority "EPICS root", which the keychain /k.p12 does not hold: put that authority\'s certificate into it, or use another keychain');
  expect(untrusted('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', { ...seen, issuerCertificate: undefined }, 'its', '/k.p12')).toContain('the authority "EPICS root"');
  expect(untrusted('CERT_HAS_EXPIRED', certificate('ioc', root, 'Jan 2 00:00:00 2026 GMT'), 'its', '')).toBe('its certificate "ioc" expired on Jan 2 00:00:00 2026 GMT: a new one is needed');
  const old = certificate('Old root', undefined, 'Jan 3 00:00:00 2026 GMT');
  expect(untrusted('CERT_HAS_EXPIRED', certificate('ioc', old), 'its', '')).toBe('the authority "Old root" of its certificate "ioc" expired on Jan 3 00:00:00 2026 GMT: a new one is needed');
  expect(untrusted('CERT_NOT_YET_VALID', seen, 'its', '')).toContain('check the clocks of both machines');
  expect(untrusted('INVALID_PURPOSE', seen, 'its', '')).toContain('extended key usage');
  expect(untrusted('SELF_SIGNED_CERT_IN_CHAIN', null, 'its', '/k.p12')).toContain('its certificate comes from an authority which the keychain /k.p12 does not hold');
  expect(untrusted('CERT_REVOKED', seen, 'its', '')).toBe('its certificate "ioc" is not trusted (CERT_REVOKED)');
});

it.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'the other side wants a certificate'], ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'the other side does not trust the certificate of the keychain /k.p12'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'does not trust'], ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'does not trust'], ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'expired: get a new one'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'no TLS 1.3'], ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS'], ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'no pvAccess'],
  ['ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE', 'it showed no certificate, and one is required'], ['ERR_SSL_SOMETHING_NEW', 'TLS failed (ERR_SSL_SOMETHING_NEW)'],
  ['ERR_SSL_INVALID_LIBRARY_(0)', 'perhaps it wants a certificate, or does not trust that of the keychain /k.p12'],
])('%s', (code, text) => {
  expect(handshakeReason(code, '/k.p12')).toContain(text);
});

it('other errors are none of TLS', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', '']) expect(handshakeReason(code, '')).toBe(null);
});
