import { subscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';

// Loaded ahead of a service (`node --import`) by its launcher. Ends the service, drained as on SIGTERM, when the
// launcher has gone, kill -9 included: the kernel then closes the IPC channel. Here once for all services.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

// And tells the launcher each port that the service has got: that something answers there does not say who.
subscribe('tracing:net.server.listen:asyncEnd', (message) => {
  const address = (message as { readonly server: Server }).server.address();
  if (address !== null && typeof address !== 'string') process.send?.({ listening: address.port });
});
