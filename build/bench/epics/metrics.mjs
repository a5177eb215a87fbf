// What is measured with every client, and which ratio to the fastest peer is wanted.
import { alone, monitors, scanned } from './clientRuns.mjs';

const perSecond = (title, wanted) => ({ figure: 'perSecond', title, unit: '1/s', better: 'higher', wanted });
const percent = (title) => ({ figure: 'lost', title, unit: '%', better: 'lower' });
const cpu = (title, wanted) => ({ figure: 'cpuPerEvent', title, unit: 'us', better: 'lower', wanted });

/** `rate`: updates a second, one for all or by protocol; 0: as many as the IOC can make. `peers`: who alone is measured, where not everybody. `wanted`: ours / peer, at most where lower is better, at least where higher is. Peers of every language are named: libca (C), pvxs (C++), and Python's. */
export const metrics = [
  { key: 'connect', metric: 'connect', channels: 1000, sample: alone, rows: [{ figure: 'seconds', title: 'connect 1,000 channels', unit: 's', better: 'lower', wanted: { libca: 1, pvxs: 1, p4p: 0.2 } }] },
  {
    key: 'get', metric: 'get', channels: 1, sample: alone, rows: [
      { figure: 'median', title: 'get one after the other, median', unit: 'us', better: 'lower', wanted: { libca: 1, pvxs: 1, p4p: 0.2 } },
      { figure: 'p99', title: 'get one after the other, p99', unit: 'us', better: 'lower', wanted: { libca: 1, pvxs: 1, p4p: 0.2 } },
    ],
  },
  { key: 'gets', metric: 'gets', channels: 1000, sample: alone, rows: [perSecond('1,000 gets at once', { libca: 0.3, 'epics-tca': 15, pyepics: 50, pvxs: 1, p4p: 5 })] },
  {
    key: 'put', metric: 'put', channels: 1, sample: alone, rows: [
      { figure: 'median', title: 'put with completion, median', unit: 'us', better: 'lower', wanted: { libca: 1, pvxs: 1, p4p: 0.2 } },
      { figure: 'p99', title: 'put with completion, p99', unit: 'us', better: 'lower' },
    ],
  },
  { key: 'wave', metric: 'wave', channels: 1, sample: alone, rows: [{ figure: 'megabytesPerSecond', title: '1,000,000 doubles', unit: 'MB/s', better: 'higher', wanted: { libca: 1, 'epics-tca': 100, pvxs: 1, p4p: 5 } }] },
  { key: 'monitor-1', channels: 1, rate: 0, seconds: 2, sample: monitors, rows: [perSecond('monitor 1 flat out, received', { libca: 0.75, pvxs: 1, p4p: 5 }), percent('monitor 1 flat out, lost')] },
  { key: 'monitor-100', channels: 100, rate: 0, seconds: 2, sample: monitors, rows: [perSecond('monitor 100 flat out, received', { libca: 0.75, pvxs: 1, p4p: 5 }), percent('monitor 100 flat out, lost')] },
  {
    key: 'monitor-1000', channels: 1000, rate: 0, seconds: 2, sample: monitors,
    rows: [
      perSecond('monitor 1,000 flat out, received', { libca: 0.75, 'epics-tca': 3, pvxs: 1, p4p: 5 }), percent('monitor 1,000 flat out, lost'),
      { figure: 'generated', title: 'monitor 1,000 flat out, updates that the IOC made', unit: '1/s', better: 'higher' }, cpu('monitor 1,000 flat out, CPU an event'),
    ],
  },
  {
    // Flat out the IOC makes more updates the less CPU the client takes from it: here each client has to take in as many.
    key: 'flood', channels: 1000, rate: { ca: 300_000, pva: 80_000 }, seconds: 2, sample: monitors, peers: ['bare-socket', 'libca', 'pvxs'],
    rows: [perSecond('monitor 1,000 at 300 k/s (pvAccess: 80), received'), percent('monitor 1,000 at 300 k/s (pvAccess: 80), lost'), cpu('monitor 1,000 at 300 k/s (pvAccess: 80), CPU an event')],
  },
  {
    key: 'rate', channels: 1000, rate: 50_000, seconds: 3, sample: monitors, rows: [
      perSecond('monitor 1,000 at 50 k/s, received'), percent('monitor 1,000 at 50 k/s, lost'), cpu('monitor 1,000 at 50 k/s, CPU an event', { libca: 2, pvxs: 1, p4p: 0.2 }),
    ],
  },
  {
    key: 'scan', channels: 1000, seconds: 10, sample: scanned, rows: [
      percent('1,000 x 10 Hz for 10 s, lost'),
      { figure: 'cpu', title: '1,000 x 10 Hz for 10 s, CPU', unit: 's', better: 'lower', wanted: { libca: 3, pyepics: 1 / 40, pvxs: 1, p4p: 0.2 } },
      { figure: 'memory', title: 'memory of the process with 1,000 monitors', unit: 'MB', better: 'lower' },
    ],
  },
];
