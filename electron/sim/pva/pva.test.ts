// What the simulation serves by pvAccess only: the camera's pictures and the RPC services.
import type { AnyValue, PvaRpcHandler, PvaServer, PvaStructureOptions } from 'epics-ioc-connection';
import { scalar, structure } from 'epics-ioc-connection';
import { describe, expect, it } from 'vitest';
import { Beamline } from '../beamline';
import { cameraImageName, servePicture } from './cameraImage';
import { serveRpc } from './rpcServices';

/** Keeps what was added and posted. */
class Collected {
  readonly services = new Map<string, PvaRpcHandler>();
  readonly posted: Record<string, unknown>[] = [];
  readonly server = {
    addRpc: (name: string, handler: PvaRpcHandler) => { this.services.set(name, handler); },
    addStructure: (name: string, { initial }: PvaStructureOptions) => {
      this.posted.push({ name, ...(initial as Record<string, unknown>) });
      return { update: (change: Record<string, unknown>) => this.posted.push({ name, ...change }) };
    },
  } as unknown as PvaServer;

  async ask(name: string, members: Readonly<Record<string, string | number>>): Promise<AnyValue> {
    const field = structure('', Object.entries(members).map(([member, value]) => [member, scalar(typeof value === 'string' ? 'string' : 'double')] as const));
    return await this.services.get(name)!({ argument: { field, value: members }, user: 'ada', host: 'desk', identity: { method: 'ca', authority: null, secured: false } }) as AnyValue;
  }
}

describe('the camera', () => {
  it('posts each picture once, whole, with its size and number', () => {
    const collected = new Collected();
    const beamline = new Beamline({ seed: 3 });
    servePicture(collected.server, beamline.records, () => 1_700_000_000_250);
    const { clock, records } = beamline;
    clock.advance(0.001);
    void records.get('SIM:DET1:cam1:SizeX').definition.onWrite!(64);
    void records.get('SIM:DET1:cam1:SizeY').definition.onWrite!(32);
    void records.get('SIM:DET1:cam1:NumImages').definition.onWrite!(3);
    void records.get('SIM:DET1:cam1:Acquire').definition.onWrite!(1);
    clock.advance(2);
    const pictures = collected.posted.filter(({ name }) => name === cameraImageName);
    expect(pictures.map(({ uniqueId }) => uniqueId)).toEqual([0, 1, 2, 3, 4]);
    expect(pictures.at(-1)).toMatchObject({
      value: { member: 'shortValue' }, dimension: [{ size: 64 }, { size: 32 }], compressedSize: 4096, timeStamp: { secondsPastEpoch: 1_700_000_000, nanoseconds: 250e6 },
    });
    expect((pictures.at(-1)!['value'] as { value: Int16Array }).value).toBe(records.get('SIM:DET1:image1:ArrayData').value);
  });
});

describe('RPC', () => {
  const collected = new Collected();
  const { records } = new Beamline({ seed: 3 });
  serveRpc(collected.server, records);

  it('lists the PVs as a table, all or those with a text', async () => {
    const all = (await collected.ask('SIM:RPC:PVS', {})).value as { value: { pv: string[]; count: Int32Array; writable: Uint8Array } };
    expect(all.value.pv).toEqual(records.list().map(({ pv }) => pv));
    const some = await collected.ask('SIM:RPC:PVS', { pattern: 'SIM:FE:SHUTTER' });
    expect(some.value).toMatchObject({
      labels: ['PV', 'Type', 'Elements', 'Units', 'Description', 'Writable'],
      value: { pv: ['SIM:FE:SHUTTER_STATUS', 'SIM:FE:SHUTTER'], type: ['ENUM', 'ENUM'], count: Int32Array.of(1, 1), writable: Uint8Array.of(0, 1) },
    });
  });

  it('adds two numbers, given as numbers or as texts', async () => {
    expect(await collected.ask('SIM:RPC:SUM', { a: 1.5, b: 2 })).toEqual({ value: 3.5 });
    expect(await collected.ask('SIM:RPC:SUM', { lhs: '1.5', rhs: '-2' })).toEqual({ value: -0.5 });
  });

  it.each([[{ a: 1 }, 'b is missing'], [{ a: 1, b: 'two' }, 'b is "two"'], [{}, 'a is missing']])('says what is wrong with %o', async (given, text) => {
    await expect(collected.ask('SIM:RPC:SUM', given as Record<string, number>)).rejects.toThrow(text);
  });
});
