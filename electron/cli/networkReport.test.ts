import { expect, it } from 'vitest';
import { NetworkReport } from './networkReport';

it('says who was asked, who answered and who was reached', () => {
  const report = new NetworkReport();
  const search = { protocol: 'ca', kind: 'search', names: 2, datagrams: 1, targets: ['10.0.0.255:5064', '10.0.1.255:5064'] } as const;
  report.add(search);
  report.add(search);
  report.add({ protocol: 'ca', kind: 'answer', pv: 'A', server: '10.0.0.7:5064', milliseconds: 2 });
  report.add({ protocol: 'ca', kind: 'circuit', server: '10.0.0.7:5064', state: 'connecting' });
  report.add({ protocol: 'ca', kind: 'circuit', server: '10.0.0.7:5064', state: 'open', milliseconds: 1.25 });
  report.add({ protocol: 'ca', kind: 'circuit', server: '10.0.0.8:5064', state: 'connecting' });
  report.add({ protocol: 'pva', kind: 'search', names: 1, datagrams: 1, targets: [] });
  expect(report.findings().map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'note: Channel Access asked 2 times at 10.0.0.255:5064, 10.0.1.255:5064; 1 PV was answered for.',
    'ok: 10.0.0.7:5064 was reached over TCP within 1.3 ms.',
    'problem: 10.0.0.8:5064 answered a search, but its TCP port was not reached. Check the firewall between here and there.',
    'note: pvAccess asked 1 time nowhere, since no address is set; nobody answered.',
  ]);
});

it('is silent about a protocol that nobody was asked by', () => {
  expect(new NetworkReport().findings()).toEqual([]);
});

it('says whom TLS proved a server to be, and why it failed', () => {
  const report = new NetworkReport();
  report.add({ protocol: 'pva', kind: 'search', names: 1, datagrams: 1, targets: ['10.0.0.7:5076'] });
  for (const server of ['10.0.0.7:5076', '10.0.0.8:5076']) report.add({ protocol: 'pva', kind: 'circuit', server, state: 'connecting' });
  report.add({ protocol: 'pva', kind: 'circuit', server: '10.0.0.7:5076', state: 'open', milliseconds: 2, tls: { peer: 'ioc', authority: 'EPICS root', method: 'x509' } });
  report.add({ protocol: 'pva', kind: 'circuit', server: '10.0.0.8:5076', state: 'closed', reason: 'its certificate "ioc" expired', insecure: true });
  expect(report.findings().slice(1).map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'ok: 10.0.0.7:5076 was reached over TCP within 2.0 ms, secured by TLS: it is ioc, of the authority EPICS root.',
    'problem: 10.0.0.8:5076 answered a search, but TLS failed: its certificate "ioc" expired.',
  ]);
});
