// The only bridge between the page and the services: asks for a MessagePort and passes it into the page's world. No Node beyond it.
import { contextBridge, ipcRenderer } from 'electron';

const page = globalThis as unknown as { location: { origin: string }; postMessage(message: unknown, origin: string, ports: readonly unknown[]): void };

ipcRenderer.on('endstation:port', (event) => {
  page.postMessage('endstation:port', page.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('endstation', {
  host: 'electron',
  connect(): void {
    ipcRenderer.send('endstation:connect');
  },
});
