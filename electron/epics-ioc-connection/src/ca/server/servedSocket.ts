// Ties a circuit to its TCP socket: one corked write a tick, and back-pressure both ways.
import type { Socket } from 'node:net';

/** One client's side of a server, without the socket. */
export interface ServedCircuit {
  receive(chunk: Uint8Array): void;
  takeOutput(): Uint8Array[];
  /** Bytes that may wait for a client that is behind for a moment, beyond what the system's own buffers hold; from there on its updates are held back. */
  readonly room: number;
  /** Whether the socket waits to be drained. */
  setBlocked(blocked: boolean): void;
  close(): void;
}
export interface SocketEvents {
  /** There is output to take; may be called often. */
  outputReady(): void;
  /** Send what waits, then hang up. */
  hangUp(): void;
}

/** Milliseconds that a client has to take the last words and to close its side. */
const hangUpPatience = 1000;

/** Serves one client until its socket closes. */
export function serveSocket(socket: Socket, makeCircuit: (events: SocketEvents) => ServedCircuit, closed: () => void): void {
  let scheduled = false;
  let hangingUp = false;
  const outputReady = (): void => {
    if (scheduled || socket.destroyed) return;
    scheduled = true;
    // After the events of this tick and the promises that they settled, so that they share one write.
    setImmediate(flush);
  };
  const circuit = makeCircuit({
    outputReady,
    hangUp: () => {
      hangingUp = true;
    },
  });

  function flush(): void {
    scheduled = false;
    if (socket.destroyed || socket.writableEnded) return;
    // What waits for a full socket stays here, where it is bounded.
    if (socket.writableLength > circuit.room) return;
    const chunks = circuit.takeOutput();
    if (chunks.length === 1) socket.write(chunks[0] as Uint8Array);
    else if (chunks.length > 1) {
      socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      socket.uncork();
    }
    if (hangingUp) {
      socket.end();
      // One that does not hang up too is not waited for.
      const patience = setTimeout(() => socket.destroy(), hangUpPatience);
      socket.once('close', () => clearTimeout(patience));
      return;
    }
    const blocked = socket.writableLength > circuit.room;
    // A client that does not read its answers is not asked for more questions.
    if (blocked) socket.pause();
    circuit.setBlocked(blocked);
  }

  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.on('data', (chunk: Buffer) => circuit.receive(chunk));
  socket.on('drain', () => {
    socket.resume();
    circuit.setBlocked(false);
    outputReady();
  });
  // The close event follows and does the rest.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    circuit.close();
    closed();
  });
  outputReady();
}
