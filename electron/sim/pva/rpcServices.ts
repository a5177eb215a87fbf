// The simulation's RPC services: SIM:RPC:PVS lists the PVs as an NTTable, SIM:RPC:SUM adds two numbers.
import { rpcArguments, tableValue, type PvaServer } from 'epics-ioc-connection';
import { SimulationError } from '../simulationError';
import type { RecordTable } from '../records/recordTable';

export function serveRpc(server: PvaServer, records: RecordTable): void {
  server.addRpc('SIM:RPC:PVS', ({ argument }) => {
    const { pattern = '' } = rpcArguments(argument);
    const wanted = String(pattern);
    const listed = records.list().filter(({ pv }) => pv.includes(wanted));
    return tableValue({
      pv: { type: 'string', label: 'PV', values: listed.map(({ pv }) => pv) },
      type: { type: 'string', label: 'Type', values: listed.map(({ type }) => type) },
      count: { type: 'int', label: 'Elements', values: Int32Array.from(listed, ({ count }) => count) },
      units: { type: 'string', label: 'Units', values: listed.map(({ units }) => units) },
      description: { type: 'string', label: 'Description', values: listed.map(({ description }) => description) },
      writable: { type: 'boolean', label: 'Writable', values: Uint8Array.from(listed, ({ writable }) => Number(writable)) },
    }, wanted === '' ? 'PVs of the simulated beamline' : `PVs of the simulated beamline with "${wanted}"`);
  });
  server.addRpc('SIM:RPC:SUM', ({ argument }) => {
    const { lhs, rhs, a = lhs, b = rhs } = rpcArguments(argument);
    return { value: numberOf('a', a) + numberOf('b', b) };
  });
}

/** A number, or a text that says one: command lines send texts. */
function numberOf(name: string, given: unknown): number {
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof number === 'bigint') return Number(number);
  if (typeof number !== 'number' || (typeof given === 'string' && Number.isNaN(number))) {
    throw new SimulationError('BAD_ARGUMENT', `SIM:RPC:SUM adds two numbers a and b: ${name} is ${given === undefined ? 'missing' : `"${String(given)}"`}.`);
  }
  return number;
}
