// Loaded ahead of a service (`node --import`) by its launcher. Ends the service, drained as on SIGTERM, when the
// launcher has gone, kill -9 included: the kernel then closes the IPC channel. Here once for all services.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
