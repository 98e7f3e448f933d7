// Loaded into each Node child before its own program (`node --import`). The channel to the supervisor closes when the
// supervisor dies, however it dies: then the child ends as if it had been told to, and by force if it does not.
const FORCE_AFTER_MS = 10_000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), FORCE_AFTER_MS).unref();
});
// Listening to it must not keep a child alive that has nothing left to do.
process.channel?.unref();
