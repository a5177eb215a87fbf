import { describe, expect, it } from 'vitest';
import { chooseProfile } from './chooseProfile';

const paths = { user: '/none', data: '/none', workers: '/none', resources: '/none' };

describe('the profile of a command', () => {
  it.each([
    [{}, null, 'simulation'],
    [{ EPICS_CA_ADDR_LIST: '127.0.0.1' }, null, 'environment'],
    [{ EPICS_CA_SERVER_PORT: '5066' }, null, 'environment'],
    [{ EPICS_PVA_ADDR_LIST: '127.0.0.1' }, null, 'environment'],
    [{ EPICS_CA_ADDR_LIST: ' ' }, null, 'simulation'],
    [{ EPICS_HOST_ARCH: 'linux-x86_64', EPICS_CAS_SERVER_PORT: '5066' }, null, 'simulation'],
    [{ EPICS_CA_ADDR_LIST: '127.0.0.1' }, 'simulation', 'simulation'],
    [{}, 'EPICS environment', 'environment'],
  ])('with %j and --profile %s is the %s', (environment, wanted, kind) => {
    expect(chooseProfile(wanted, environment, paths).kind).toBe(kind);
  });

  it('that does not exist is said', () => {
    expect(() => chooseProfile('hall 9', {}, paths)).toThrow(/There is no profile "hall 9"/);
  });
});
