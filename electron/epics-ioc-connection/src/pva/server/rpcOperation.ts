// RPC: a question with its own type, an answer with its own (pvAccess protocol, command 20). PURE.
import { ok, readAny, subcommands, writeInitResponse, writeRpcResponse } from '../protocol';
import type { AnyValue, PvaInput, WireReader } from '../protocol';
import { checkRead, Refusal, RequestOperation } from './operation';
import type { OperationPlace } from './operation';

export class RpcOperation extends RequestOperation {
  /** Errors: `Refusal` for a PV that answers no RPC. */
  constructor(place: OperationPlace, serverId: number) {
    super(place, serverId);
    if (!place.pv.options.onRpc) throw new Refusal(`${place.pv.name} answers no RPC.`);
    checkRead(place);
    const { connection: { output, gate }, requestId } = place;
    writeInitResponse(output.writer, this.command, { requestId, subcommand: subcommands.init, status: ok }, []);
    gate.wrote();
  }

  override request(subcommand: number, payload: WireReader): void {
    const { connection: { received, output, user, host, identity }, pv, requestId } = this.place;
    const argument = readAny(payload, received);
    let result: PvaInput = null;
    this.reply(subcommand, async () => {
      result = await pv.options.onRpc?.({ argument, user, host, identity });
    }, () => {
      // Plain values are given a type on the way out.
      writeRpcResponse(output.writer, { requestId, subcommand, status: ok }, result as AnyValue | null);
    });
  }
}
